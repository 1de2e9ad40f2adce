// The program's output: results to standard output, messages for people beside them or, with --json, to
// standard error; a progress bar on a terminal and nowhere else. A line may have names of files, which are
// any bytes: its control characters, line ends too, are escaped (core/escape.h).
//
// Every write to standard output is checked. A failure throws Error, or ClosedPipe; or it is remembered,
// where the work continues without its messages (`outlives_output`).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/flags.h"
#include "graft/core/escape.h"
#include "graft/core/progress.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"

namespace graft::cli {

// Standard output is a pipe, and its reader has ended, as head(1) does: no message can be read.
struct ClosedPipe {};

class Console {
 public:
  bool quiet = false;            // no messages for people, no bars; results, warnings and errors remain
  bool json = false;             // standard output has only JSON
  bool file_on_output = false;   // standard output has only a file (--csv -)
  bool outlives_output = false;  // a failing standard output is a warning, and what goes there is dropped
  int exit_code = 0;             // of the process, when the verb is done
  // Replacements for option names in the library's messages that are not flags of the verb (in_flags).
  std::map<std::string, std::string> words;

  // A line for people; and lines from the library, which are escaped and have their ends.
  void say(const std::string& line) { say_lines(escaped_line(line)); }
  void say_lines(const std::string& lines);
  // A line on standard error, whatever the settings. It may name options as the library does.
  void warn(const std::string& line);
  // The line or lines of the result itself: standard output, unless that has a file.
  void result(const std::string& line) { result_lines(escaped_line(line)); }
  void result_lines(const std::string& lines);
  // The bytes of a file to standard output; on a terminal, control characters but line ends are escaped.
  void bytes(std::string_view bytes);

  std::string in_words(const std::string& text) const { return in_flags(text, words); }
  // Shows warnings and the progress bar on this console.
  Observer observer();
  // The errno of the write to standard output that failed, or 0.
  int output_error() const { return output_error_; }
  // Draws or updates the bar: a ProgressCallback.
  void progress(const Progress& progress);

 private:
  void print(std::string_view text);
  void print_error(const std::string& text);
  void clear_bar();

  int output_error_ = 0;
  bool bar_shown_ = false;
  ProgressLine bar_;
};

// The files that people name for a verb to write. "-" is standard output, which then has only that file, and
// so is a path to it (/dev/stdout).
class Outputs : public OutputFiles {
 public:
  // `json`: the option that already uses standard output ("jsonl"), or empty.
  Outputs(Console& console, bool overwrite, const std::string& json = "")
      : OutputFiles(overwrite), console_(console), on_output_(json) {}

  void add(const std::string& option, const std::string& path, OutputType type,
           const std::vector<std::string>& headers = {}) override;
  // "wrote PATH", for people, of an output that is a file.
  void say_written(const std::string& option) const;

 private:
  Console& console_;
  std::string on_output_;  // the option whose file is on standard output
};

}  // namespace graft::cli
