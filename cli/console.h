// Where the program's words go: results to standard output, words for people beside them or, with --json, to
// standard error; a progress bar on a terminal and nowhere else. Lines may hold names of files, which are any
// bytes: control characters in them, line ends too, are shown as core/escape.h says.
//
// Every write to standard output is checked. A failure throws Error, or ClosedPipe; or it is remembered,
// where the work continues without its messages (`outlives_output`).
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "cli/flags.h"
#include "graft/core/files.h"
#include "graft/core/progress.h"
#include "graft/metrics/metric.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"

namespace graft::cli {

// Standard output is a pipe, and its reader has ended, as head(1) does: nobody is left to read a message.
struct ClosedPipe {};

class Console {
 public:
  bool quiet = false;            // no messages for people, no bars; results, warnings and errors remain
  bool json = false;             // standard output holds JSON alone
  bool file_on_output = false;   // standard output holds a file alone (--csv -)
  bool outlives_output = false;  // a failing standard output is a warning, and what goes there is dropped
  int exit_code = 0;             // of the process, when the verb has come to its end
  // What stands for names of options in the library's messages where it is no flag (in_flags).
  std::map<std::string, std::string> words;

  // A line for people.
  void say(const std::string& line);
  // A line on standard error, whatever the settings. It may name options as the library does.
  void warn(const std::string& line);
  std::string in_words(const std::string& text) const { return in_flags(text, words); }
  // What is reported to it goes to this console: warnings and the bar.
  Observer observer();
  // A line of the result itself: standard output, unless that holds a file.
  void result(const std::string& line);
  // The same as one line of JSON (core/json_line.h).
  void result_json(const nlohmann::ordered_json& object);
  // Lines that the program made itself, with their line ends: help, the manual page, a script.
  void text(std::string_view text);
  // The bytes of a file to standard output; on a terminal, control characters but line ends are shown as in
  // lines.
  void bytes(std::string_view bytes);

  // The errno of the write to standard output that failed, or 0.
  int output_error() const { return output_error_; }
  // Whether a file of this kind and identity is what standard output writes to, devices excepted.
  static bool is_output(const FileInfo& info);

  // Draws or moves the bar. To be given to the library as a ProgressCallback.
  void progress(const Progress& progress);
  void clear_bar();

 private:
  void print(std::string_view text);

  int output_error_ = 0;
  bool bar_shown_ = false;
  std::string bar_of_;
  std::uint64_t bar_start_ = 0;
  std::chrono::steady_clock::time_point began_, drawn_;
};

// The files that people name for a verb to write. "-" is standard output, which then holds that file alone,
// and so is a path that leads to it (/dev/stdout).
class Outputs : public OutputFiles {
 public:
  // `json`: the option that asks for standard output already ("jsonl"), or empty.
  Outputs(Console& console, bool overwrite, const std::string& json = "")
      : OutputFiles(overwrite), console_(console), on_output_(json) {}

  void add(const std::string& option, const std::string& path, OutputType type,
           const std::vector<std::string>& headers = {});
  // The console's; when it hears what an operation reads, the outputs are checked.
  Observer observer();
  // "wrote PATH", for people; nothing of what was not asked for or went to standard output.
  void say_written(const std::string& option) const;

 private:
  Console& console_;
  std::string on_output_;  // the option whose file standard output holds
};

// The value of a metric: shares of 1 with four places; numbers in the unit of the labels by their size.
std::string metric_text(const Metric& metric, double value);
// As printf does, up to 255 bytes.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);

}  // namespace graft::cli
