// The task in the metadata of a model file.
#pragma once

#include <string>

#include "graft/metrics/outcomes.h"
#include "graft/weights/state_dict.h"

namespace graft {

// `state` is a model file (is_model_file). Throws Error that names `where` for damaged metadata.
TaskSpec task_of(const StateDict& state, const std::string& where);

}  // namespace graft
