// The pictures of a request. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/session/request.h"

namespace graft {

// Files, and the pictures in folders, in the given order. Run folders are ignored, with a warning.
std::vector<std::string> listed_pictures(const std::vector<std::string>& paths, const Observer& observer);

}  // namespace graft
