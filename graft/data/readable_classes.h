// What unreadable pictures leave of the classes.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/loader.h"

namespace graft {

// Throws Error that names the class where the pictures that were left out are all that `folder` has of it.
// `where`: what the Error calls the folder.
void require_every_class(const std::string& where, const Folder& folder, const std::vector<BadImage>& bad);

}  // namespace graft
