// What an operation begins with: the model that its request names, and its threads. Internal.
#pragma once

#include <string>

#include "graft/device/device.h"
#include "graft/models/model_file.h"
#include "graft/session/request.h"

namespace graft {

// On the CPU, in eval mode. Throws Error and UsageError that say what `source` is instead.
Model open_model(const ModelSource& source, const PreprocessOverride& preprocess, const Observer& observer);
// The same of a run folder or a model file alone.
Model open_model(const std::string& path, const PreprocessOverride& preprocess = {});

// set_compute_threads(), with a warning where fewer are used than were asked for.
inline void use_threads(int threads, const Observer& observer) {
  const ComputeThreads used = set_compute_threads(threads);
  if (!used.note.empty()) observer.warn(used.note);
}

}  // namespace graft
