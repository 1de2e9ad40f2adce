// Internal: the threads of an operation.
#pragma once

#include "graft/device/device.h"
#include "graft/session/observer.h"

namespace graft {

// set_compute_threads(), with a warning where fewer are used than were asked for.
inline void use_threads(int threads, const Observer& observer) {
  const ComputeThreads used = set_compute_threads(threads);
  if (!used.note.empty()) observer.warn(used.note);
}

}  // namespace graft
