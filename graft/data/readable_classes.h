// What unreadable pictures leave of the classes.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/loader.h"

namespace graft {

// Throws Error where no picture of `folder` was read, or none of one of its classes. `part` is what the
// message calls the pictures: "training", "validation", or empty. `read` were read, `bad` were left out.
void require_readable(const Folder& folder, const std::string& part, std::size_t read,
                      const std::vector<BadImage>& bad);

}  // namespace graft
