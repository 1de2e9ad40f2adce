// What an operation of this stage reports while it works: values, never text on a terminal.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graft/core/progress.h"

namespace graft {

// Each may be empty. All are called from the thread that called the operation; what they throw ends it.
struct Observer {
  ProgressCallback progress;
  // Something that people should know and that does not end the work. A sentence.
  std::function<void(const std::string&)> warning;
  // The files that the operation reads, reported before the long work: a program that writes files of its own
  // can refuse here to replace one of them.
  std::function<void(const std::vector<std::string>&)> reads;

  void warn(const std::string& text) const {
    if (warning) warning(text);
  }
  void warn(const std::vector<std::string>& texts) const {
    for (const std::string& text : texts) warn(text);
  }
};

}  // namespace graft
