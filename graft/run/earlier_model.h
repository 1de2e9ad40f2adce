// With --overwrite, the earlier run's model stays until the first new one is complete. Internal.
#pragma once

#include <map>
#include <string>

#include "graft/run/run.h"

namespace graft {

// Whether the folder's model belongs to an earlier run: no epoch of the current history has the metrics in
// the model's `training` record. False if the folder or the record does not contain them.
bool is_of_earlier_run(const RunFolder& run, const std::map<std::string, std::string>& training);

// `other_way`: advice other than resuming the run.
[[noreturn]] void refuse_earlier_model(const RunFolder& run, const std::string& other_way);

}  // namespace graft
