#include "cli/console.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"

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

std::string rate_text(double rate, const char* unit) {
  if (std::strcmp(unit, "B") == 0) return human_bytes(rate) + "/s";
  return format(rate < 10 ? "%.2g/s" : "%.0f/s", rate, unit);
}

std::string bar(double share) {
  constexpr int width = 24;
  const int filled = static_cast<int>(share * width);
  std::string text = "[";
  for (int i = 0; i < width; ++i) text += i < filled ? "█" : " ";
  return text + "]";
}

using Json = nlohmann::ordered_json;

bool is_other_text(const Json& value) {
  return value.is_string() && !is_utf8(value.get_ref<const std::string&>());
}

// The bytes of a text, or of a list of texts, where one is not UTF-8; null of any other value.
Json bytes_of(const Json& value) {
  if (is_other_text(value)) return percent_encode(value.get_ref<const std::string&>());
  if (!value.is_array() || std::none_of(value.begin(), value.end(), is_other_text)) return nullptr;
  Json list = Json::array();
  for (const Json& each : value)
    list.push_back(each.is_string() ? Json(percent_encode(each.get_ref<const std::string&>())) : each);
  return list;
}

// The value with NAME_bytes behind each member that needs it.
Json with_bytes(const Json& value) {
  if (!value.is_structured()) return value;
  Json all = value.is_array() ? Json::array() : Json::object();
  if (value.is_array()) {
    for (const Json& each : value) all.push_back(with_bytes(each));
    return all;
  }
  for (const auto& [name, each] : value.items()) {
    all[name] = with_bytes(each);
    if (Json bytes = bytes_of(each); !bytes.is_null()) all[name + "_bytes"] = std::move(bytes);
  }
  return all;
}

}  // namespace

std::string human_bytes(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  int unit = 0;
  for (; bytes >= 1000 && unit < 4; ++unit) bytes /= 1000;
  return format(unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

void keep_standard_streams() {
  // Read-only, so that a write to a closed standard output fails; what goes to a closed standard error is
  // dropped.
  for (const auto& [descriptor, flags] :
       {std::pair(STDIN_FILENO, O_RDONLY), std::pair(STDOUT_FILENO, O_RDONLY),
        std::pair(STDERR_FILENO, O_WRONLY)}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", flags);
  }
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

void Console::result_json(const nlohmann::ordered_json& object) {
  result(with_bytes(object).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

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
    line += format("  %.0f s left", static_cast<double>(p.total - p.done) / rate, "");
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

}  // namespace graft::cli
