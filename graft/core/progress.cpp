#include "graft/core/progress.h"

#include <algorithm>
#include <cstring>

#include "graft/core/escape.h"
#include "graft/core/text.h"

namespace graft {
namespace {

// "12.3 MB", "1.2 GB" (powers of 1000).
std::string size_words(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  int unit = 0;
  for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
  return format_text(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

std::string bar(double share) {
  constexpr int width = 24;
  const int filled = static_cast<int>(share * width);
  std::string text = "[";
  for (int i = 0; i < width; ++i) text += i < filled ? "█" : " ";
  return text + "]";
}

}  // namespace

std::string ProgressLine::next(const Progress& progress, Clock::time_point now) {
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

  std::string line = progress.what + " ";
  if (total > 0) line += bar(done / total) + " ";
  line += amount(done);
  if (total > 0) line += "/" + amount(total);
  if (!is_bytes) line += std::string(" ") + progress.unit;
  if (rate > 0)
    line += "  " + (is_bytes ? size_words(rate) : format_text(rate < 10 ? "%.2g" : "%.0f", rate)) + "/s";
  if (progress.note) line += "  " + progress.note();
  if (total > done && rate > 0) line += format_text("  %.0f s left", (total - done) / rate);
  return escape_controls(line);
}

}  // namespace graft
