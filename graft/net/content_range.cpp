#include "graft/net/http.h"

#include <charconv>
#include <string>

#include "graft/core/text.h"

namespace graft {

std::optional<std::uint64_t> content_range_start(std::string_view header_line) {
  constexpr std::string_view name = "content-range:";
  const std::string line = to_lower_ascii(header_line);
  if (!line.starts_with(name)) return std::nullopt;
  const std::size_t digits = line.find_first_of("0123456789*", name.size());
  if (digits == std::string::npos) return std::nullopt;
  std::uint64_t start = 0;
  const char* const line_end = line.data() + line.size();
  const auto [end, code] = std::from_chars(line.data() + digits, line_end, start);
  return code == std::errc() && end != line_end && *end == '-' ? std::optional(start) : std::nullopt;
}

}  // namespace graft
