// Common parts of the requests of this stage, and the observer of an operation. This header does not include
// torch.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/preprocess.h"

namespace graft {

// Callbacks of an operation. Each may be empty. All are called from the thread that called the operation;
// their exceptions end it.
struct Observer {
  ProgressCallback progress;
  // A problem that does not end the work. A sentence for people.
  WarningCallback warning;
  // The files that the operation reads, reported before it starts: a program that writes its own files can
  // throw here rather than replace one of them.
  std::function<void(const std::vector<std::string>&)> reads;

  void warn(const std::string& text) const {
    if (warning) warning(text);
  }
  void warn(const std::vector<std::string>& texts) const {
    for (const std::string& text : texts) warn(text);
  }
};

// The model of an operation.
struct ModelSource {
  std::string name;  // a run folder, a model file, or, if no such path exists, a network of the registry
  // For a network of the registry: "default" (the same without a value), a file, a run folder or a URL, as
  // for build_with_weights(). A run folder or a model file has its own weights: any value is a UsageError.
  std::optional<std::string> weights = {};
};

// Replacements for parts of a model's own preprocess.
struct PreprocessOverride {
  std::optional<Fit> fit;
  std::optional<bool> exif;
  std::optional<std::string> alpha;  // see DecodeOptions::alpha
  std::optional<DecodeMode> decode;
};

}  // namespace graft
