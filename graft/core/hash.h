// Hashes: SHA-256, Git's SHA-1 of a file, and CRC-32C, the checksum of TFRecord files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace graft {

// SHA-256 in hexadecimal, lower case.
std::string sha256_hex(std::span<const std::uint8_t> bytes);
// The same for the concatenation of the parts.
std::string sha256_hex_of_parts(std::span<const std::span<const std::uint8_t>> parts);
std::string sha256_hex_of_file(const std::filesystem::path& path);
// The name of a file's contents in Git, a SHA-1 in hexadecimal: `git hash-object FILE`. It identifies, but
// does not protect against an attacker.
std::string git_hash_of_file(const std::filesystem::path& path);

// CRC-32C (Castagnoli, RFC 3720 appendix B.4).
std::uint32_t crc32c(std::string_view bytes);
// The form that TFRecord stores: masked, because a CRC of data that contains CRCs is weak.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace graft
