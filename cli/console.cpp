#include "cli/console.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/json_line.h"
#include "graft/core/option.h"
#include "graft/core/text.h"
#include "graft/metrics/number_text.h"
#include "graft/metrics/outcomes.h"

namespace graft::cli {
namespace {

using Clock = std::chrono::steady_clock;

// "12.3 MB", "1.2 GB" (powers of 1000).
std::string human_bytes(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  int unit = 0;
  for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
  return format(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

std::string amount(double value, const char* unit) {
  return std::strcmp(unit, "B") == 0 ? human_bytes(value) : format("%.0f", value);
}

std::string rate_text(double rate, const char* unit) {
  if (std::strcmp(unit, "B") == 0) return human_bytes(rate) + "/s";
  return format(rate < 10 ? "%.2g/s" : "%.0f/s", rate);
}

std::string bar(double share) {
  constexpr int width = 24;
  const int filled = static_cast<int>(share * width);
  std::string text = "[";
  for (int i = 0; i < width; ++i) text += i < filled ? "█" : " ";
  return text + "]";
}

}  // namespace

std::string format(const char* pattern, ...) {
  char text[256];
  std::va_list values;
  va_start(values, pattern);
  std::vsnprintf(text, sizeof text, pattern, values);
  va_end(values);
  return text;
}

std::string metric_text(const Metric& metric, double value) {
  return metric.unit == MetricUnit::share ? format("%.4f", value) : number_text(value);
}

void Console::print(std::string_view text) {
  clear_bar();
  if (output_error_ != 0) return;
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  output_error_ = errno == 0 ? EIO : errno;
  const std::string problem = std::string("cannot write: ") + std::strerror(output_error_);
  if (!outlives_output) {
    if (output_error_ == EPIPE) throw ClosedPipe();
    throw Error("standard output", problem);
  }
  if (output_error_ != EPIPE) warn("warning: standard output: " + problem + "; the training continues");
}

void Console::say(const std::string& line) {
  if (quiet) return;
  if (json || file_on_output) return warn(line);
  print(escape_controls(line) + "\n");
}

void Console::warn(const std::string& line) {
  clear_bar();
  std::fprintf(stderr, "%s\n", escape_controls(in_words(line)).c_str());
}

Observer Console::observer() {
  return {[this](const Progress& p) { progress(p); },
          [this](const std::string& text) { warn("warning: " + text); },
          {}};
}

void Console::result(const std::string& line) {
  if (file_on_output) return say(line);
  print(escape_controls(line) + "\n");
}

void Console::result_json(const nlohmann::ordered_json& object) { result(json_line(object)); }

void Console::text(std::string_view text) { print(text); }

void Console::bytes(std::string_view bytes) {
  if (::isatty(STDOUT_FILENO) == 0) return print(bytes);
  std::vector<std::string> lines = split(bytes, '\n');
  for (std::string& line : lines) line = escape_controls(line);
  print(join(lines, "\n"));
}

bool Console::is_output(const FileInfo& info) {
  struct stat status {};
  if (::fstat(STDOUT_FILENO, &status) != 0 || S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
    return false;
  return status.st_dev == info.device && status.st_ino == info.inode;
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
  if (p.total > 0) line.append("/").append(amount(static_cast<double>(p.total), p.unit));
  if (std::strcmp(p.unit, "B") != 0) line.append(" ").append(p.unit);
  if (rate > 0) line.append("  ").append(rate_text(rate, p.unit));
  if (p.note) line.append("  ").append(p.note());
  if (p.total > p.done && rate > 0) {
    line += format("  %.0f s left", static_cast<double>(p.total - p.done) / rate);
  }
  std::fprintf(stderr, "\r\033[K%s", escape_controls(line).c_str());
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

void Outputs::add(const std::string& option, const std::string& path, OutputType type,
                  const std::vector<std::string>& headers) {
  const auto there = path == "-" ? std::nullopt : disk().info(path);
  if (path != "-" && !(there && Console::is_output(*there)))
    return OutputFiles::add(option, path, type, headers);
  const std::string name = quoted_option(option);
  if (!on_output_.empty())
    throw UsageError(name, "and " + quoted_option(on_output_) + " cannot both go to standard output",
                     "name a file for " + name);
  if (type != OutputType::table && type != OutputType::page && ::isatty(STDOUT_FILENO) != 0)
    throw UsageError(name, "standard output is a terminal, which cannot show such a file",
                     "name a file, or send the output to one");
  on_output_ = option;
  console_.file_on_output = true;
  add_stream(option, path, [this](std::string_view bytes) { console_.bytes(bytes); });
}

Observer Outputs::observer() {
  Observer observer = console_.observer();
  observer.reads = [this](const std::vector<std::string>& files) {
    reads(files);
    check();
  };
  return observer;
}

void Outputs::say_written(const std::string& option) const {
  if (const std::string path = file(option); !path.empty()) console_.say("wrote " + path);
}

}  // namespace graft::cli
