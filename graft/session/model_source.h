// Which model an operation takes, and how the model sees its pictures. No torch in this header.
#pragma once

#include <optional>
#include <string>

#include "graft/data/preprocess.h"
#include "graft/session/observer.h"

namespace graft {

struct Model;

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

// Internal: the model on the CPU, in eval mode. Throws Error and UsageError that say what `source` is
// instead.
Model open_model(const ModelSource& source, const PreprocessOverride& preprocess, const Observer& observer);
// The same of a run folder or a model file alone.
Model open_model(const std::string& path, const PreprocessOverride& preprocess = {});

}  // namespace graft
