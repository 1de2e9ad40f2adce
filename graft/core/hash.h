// SHA-256, in hexadecimal lower case.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace graft {

std::string sha256_hex(std::span<const std::uint8_t> bytes);
std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace graft
