// Where the program's words go: results to standard output, words for people beside them or, with --json, to
// standard error; a progress bar on a terminal and nowhere else.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "graft/core/progress.h"

namespace graft::cli {

class Console {
 public:
  bool quiet = false;  // no words for people, no bars; warnings and errors remain
  bool json = false;   // standard output holds JSON alone

  // A line for people.
  void say(const std::string& line);
  // A line on standard error, whatever the settings.
  void warn(const std::string& line);
  // A line of the result itself: standard output, always.
  void result(const std::string& line);
  // The same as one line of JSON. A path is whatever bytes the disk holds: what is not UTF-8 in a text is
  // shown with replacement characters.
  void result_json(const nlohmann::ordered_json& object);

  // Draws or moves the bar. To be given to the library as a ProgressCallback.
  void progress(const Progress& progress);
  void clear_bar();

 private:
  bool bar_shown_ = false;
  std::string bar_of_;
  std::uint64_t bar_start_ = 0;
  std::chrono::steady_clock::time_point began_, drawn_;
};

// "12.3 MB", "1.2 GB" (powers of 1000).
std::string human_bytes(double bytes);

}  // namespace graft::cli
