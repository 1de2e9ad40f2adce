// Base64 (RFC 4648), for bytes in texts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

std::string to_base64(std::span<const std::uint8_t> bytes);
// Empty for text that is not base64: other characters (line breaks too), or without its padding.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace graft
