#include "cli/console.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

namespace graft::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string format(const char* pattern, double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value, unit);
  return text;
}

std::string amount(double value, const char* unit) {
  return std::strcmp(unit, "B") == 0 ? human_bytes(value) : format("%.0f", value, unit);
}

std::string bar(double share) {
  constexpr int width = 24;
  const int filled = static_cast<int>(share * width);
  std::string text = "[";
  for (int i = 0; i < width; ++i) text += i < filled ? "█" : " ";
  return text + "]";
}

}  // namespace

std::string human_bytes(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  int unit = 0;
  for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
  return format(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

void Console::say(const std::string& line) {
  if (quiet) return;
  clear_bar();
  std::FILE* out = json ? stderr : stdout;
  std::fprintf(out, "%s\n", line.c_str());
  std::fflush(out);
}

void Console::warn(const std::string& line) {
  clear_bar();
  std::fprintf(stderr, "%s\n", line.c_str());
}

void Console::result(const std::string& line) {
  clear_bar();
  std::fprintf(stdout, "%s\n", line.c_str());
  std::fflush(stdout);
}

void Console::result_json(const nlohmann::ordered_json& object) {
  result(object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void Console::progress(const Progress& p) {
  if (quiet || ::isatty(STDERR_FILENO) == 0) return;
  const auto now = Clock::now();
  if (p.what != bar_of_ || !bar_shown_) {
    bar_of_ = p.what;
    began_ = now;
    bar_start_ = p.done;
  }
  const bool finished = p.total > 0 && p.done >= p.total;
  if (bar_shown_ && !finished && now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  const double seconds = std::max(1e-3, std::chrono::duration<double>(now - began_).count());
  const double rate = static_cast<double>(p.done - std::min(p.done, bar_start_)) / seconds;
  std::string line = p.what + " ";
  if (p.total > 0) line += bar(static_cast<double>(p.done) / static_cast<double>(p.total)) + " ";
  line += amount(static_cast<double>(p.done), p.unit);
  if (p.total > 0) line += "/" + amount(static_cast<double>(p.total), p.unit);
  if (std::strcmp(p.unit, "B") != 0) line += std::string(" ") + p.unit;
  line += "  " + amount(rate, p.unit) + "/s";
  if (p.note) line += "  " + p.note();
  if (p.total > p.done && rate > 0) {
    line += format("  %.0f s left", static_cast<double>(p.total - p.done) / rate, "");
  }
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  bar_shown_ = true;
  if (finished) clear_bar();
}

void Console::clear_bar() {
  if (!bar_shown_) return;
  std::fprintf(stderr, "\r\033[K");
  std::fflush(stderr);
  bar_shown_ = false;
}

}  // namespace graft::cli
