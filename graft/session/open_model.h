// Opens the model of a request and sets the number of threads. Internal.
#pragma once

#include <string>

#include "graft/device/device.h"
#include "graft/models/model_file.h"
#include "graft/session/request.h"

namespace graft {

// The model is on the CPU, in eval mode. Throws Error and UsageError that name the kind of `source` if it is
// not a model.
Model open_model(const ModelSource& source, const PreprocessOverride& preprocess, const Observer& observer);
// The same for a run folder or a model file only.
Model open_model(const std::string& path, const PreprocessOverride& preprocess = {});

// set_compute_threads(), with a warning if fewer threads are used than requested.
inline void use_threads(int threads, const Observer& observer) {
  const ComputeThreads used = set_compute_threads(threads);
  if (!used.note.empty()) observer.warn(used.note);
}

}  // namespace graft
