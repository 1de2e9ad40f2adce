// What the requests of this stage have in common, and the observer that an operation takes beside its
// request. No torch in this header.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/preprocess.h"

namespace graft {

// What an operation reports while it works: values, never text on a terminal.
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

// Which model an operation takes.
struct ModelSource {
  std::string name;  // a run folder, a model file, or a network of the registry where no such path is there
  // Of a network of the registry: "default", a file, a run folder or a URL, as build_with_weights() takes
  // them. A run folder or a model file has its own, and anything else than "default" is a UsageError there.
  std::string weights = "default";
};

// What takes the place of a model's own preprocessing.
struct PreprocessOverride {
  std::optional<Fit> fit;
  std::optional<bool> exif;
  std::optional<std::string> alpha;  // as DecodeOptions::alpha
  std::optional<DecodeMode> decode;
};

}  // namespace graft
