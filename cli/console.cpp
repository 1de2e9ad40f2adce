#include "cli/console.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/option.h"
#include "graft/core/text.h"

namespace graft::cli {
namespace {

// Whether standard output writes to this file, devices excepted.
bool is_output(const FileInfo& info) {
  struct stat status {};
  if (::fstat(STDOUT_FILENO, &status) != 0 || S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
    return false;
  return status.st_dev == info.device && status.st_ino == info.inode;
}

}  // namespace

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
  if (output_error_ != EPIPE) warn("warning: standard output: " + problem + "; training continues");
}

void Console::print_error(const std::string& text) {
  clear_bar();
  std::fputs(text.c_str(), stderr);
}

void Console::say_lines(const std::string& lines) {
  if (quiet) return;
  json || file_on_output ? print_error(lines) : print(lines);
}

void Console::warn(const std::string& line) { print_error(escaped_line(in_words(line))); }

void Console::result_lines(const std::string& lines) { file_on_output ? say_lines(lines) : print(lines); }

void Console::bytes(std::string_view bytes) {
  if (::isatty(STDOUT_FILENO) == 0) return print(bytes);
  std::vector<std::string> lines = split(bytes, '\n');
  for (std::string& line : lines) line = escape_controls(line);
  print(join(lines, "\n"));
}

Observer Console::observer() {
  return {[this](const Progress& p) { progress(p); },
          [this](const std::string& text) { warn("warning: " + text); },
          {}};
}

void Console::progress(const Progress& p) {
  if (quiet || ::isatty(STDERR_FILENO) == 0) return;
  const std::string line = bar_.next(p, terminal_columns(STDERR_FILENO));
  if (line.empty()) return;
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  bar_shown_ = true;
  if (p.total > 0 && p.done >= p.total) clear_bar();
}

void Console::clear_bar() {
  if (!bar_shown_) return;
  std::fprintf(stderr, "\r\033[K");
  std::fflush(stderr);
  bar_shown_ = false;
  bar_ = {};
}

void Outputs::add(const std::string& option, const std::string& path, OutputType type,
                  const std::vector<std::string>& headers) {
  const auto there = path == "-" ? std::nullopt : disk().info(path);
  if (path != "-" && !(there && is_output(*there))) return OutputFiles::add(option, path, type, headers);
  const std::string name = quoted_option(option);
  if (!on_output_.empty())
    throw UsageError("standard output", "cannot take both " + name + " and " + quoted_option(on_output_),
                     "name a file for " + name);
  if (type != OutputType::table && type != OutputType::page && ::isatty(STDOUT_FILENO) != 0)
    throw UsageError(name, "standard output is a terminal, which cannot show such a file",
                     "name a file, or send the output to one");
  on_output_ = option;
  console_.file_on_output = true;
  add_stream(option, path, [this](std::string_view bytes) { console_.bytes(bytes); });
}

void Outputs::say_written(const std::string& option) const {
  if (const std::string path = file(option); !path.empty()) console_.say("wrote " + path);
}

}  // namespace graft::cli
