// CRC-32C (Castagnoli, RFC 3720 appendix B.4): the checksum of TFRecord files.
#pragma once

#include <cstdint>
#include <string_view>

namespace graft {

std::uint32_t crc32c(std::string_view bytes);
// As TFRecord stores it, so that the checksum of bytes that hold checksums stays a good one.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace graft
