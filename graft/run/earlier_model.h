// Under --overwrite the model of the earlier run stays until the first new one is whole. Internal.
#pragma once

#include <map>
#include <string>

#include "graft/run/run.h"

namespace graft {

// Whether the model of the folder is that of an earlier run: no epoch of the present history has the metrics
// that the model's `training` record has. False where the folder or the record does not tell.
bool is_of_earlier_run(const RunFolder& run, const std::map<std::string, std::string>& training);

// `other_way`: what helps apart from continuing the run.
[[noreturn]] void refuse_earlier_model(const RunFolder& run, const std::string& other_way);

}  // namespace graft
