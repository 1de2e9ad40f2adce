#include "graft/core/progress.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"

namespace graft {
namespace {

// "12.3 MB", "1.2 GB" (powers of 1000).
std::string size_words(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  int unit = 0;
  for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
  return format_text(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

std::string bar(double share, int cells) {
  const int filled = static_cast<int>(share * cells);
  std::string text = "[";
  for (int i = 0; i < cells; ++i) text += i < filled ? "█" : " ";
  return text + "] ";
}

// The bytes of the characters that fit into the columns, and their columns. Chinese, Japanese and Korean ones
// take two.
std::pair<std::size_t, int> fitting(std::string_view text, int columns) {
  constexpr std::uint32_t first_wide = 0x2E80;
  std::size_t bytes = 0;
  int taken = 0;
  while (bytes < text.size()) {
    const Utf8Character character = utf8_at(text, bytes);
    const int more = character.code >= first_wide ? 2 : 1;
    if (taken + more > columns) break;
    taken += more;
    bytes += std::max<std::size_t>(character.length, 1);
  }
  return {bytes, taken};
}

int columns_of(std::string_view text) { return fitting(text, std::numeric_limits<int>::max()).second; }

}  // namespace

std::string ProgressLine::next(const Progress& progress, int columns, Clock::time_point now) {
  const bool is_done = progress.total > 0 && progress.done >= progress.total;
  if (!is_done && last_ != Clock::time_point() && now - last_ < std::chrono::milliseconds(100)) return "";
  last_ = now;
  if (progress.what != what_ || start_ == Clock::time_point()) {
    what_ = progress.what;
    done_at_start_ = progress.done;
    start_ = now;
  }
  const bool is_bytes = std::strcmp(progress.unit, "B") == 0;
  const auto done = static_cast<double>(progress.done), total = static_cast<double>(progress.total);
  const auto amount = [&](double value) { return is_bytes ? size_words(value) : format_text("%.0f", value); };
  const double seconds = std::max(1e-3, std::chrono::duration<double>(now - start_).count());
  const double rate = std::max(0.0, done - static_cast<double>(done_at_start_)) / seconds;

  std::string line = amount(done);
  if (total > 0) line += "/" + amount(total);
  if (!is_bytes) line += std::string(" ") + progress.unit;
  if (rate > 0)
    line += "  " + (is_bytes ? size_words(rate) : format_text(rate < 10 ? "%.2g" : "%.0f", rate)) + "/s";
  if (progress.note) line += "  " + progress.note();
  if (total > done && rate > 0) line += format_text("  %.0f s left", (total - done) / rate);
  const std::string what = escape_controls(progress.what) + " ";
  line = escape_controls(line);
  constexpr int usual_cells = 24, fewest_cells = 4, around_cells = 3;
  // A character in the last column would begin a second row in some terminals.
  const int room = columns > 0 ? columns - 1 : std::numeric_limits<int>::max();
  const int cells = std::min(usual_cells, room - columns_of(what) - columns_of(line) - around_cells);
  if (total > 0 && cells >= fewest_cells) return what + bar(done / total, cells) + line;
  line = what + line;
  return line.substr(0, fitting(line, room).first);
}

int terminal_columns(int descriptor) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace graft
