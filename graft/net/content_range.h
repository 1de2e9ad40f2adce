// Where the bytes of a partial HTTP answer belong. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace graft {

// The first byte's position in "Content-Range: bytes 100-199/200" (RFC 9110, 14.4); nothing for every other
// line of a header, and for a range that is not given.
std::optional<std::uint64_t> content_range_start(std::string_view header_line);

}  // namespace graft
