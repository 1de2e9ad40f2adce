// What is done about pictures that cannot be read, and what they leave of the classes.
#pragma once

#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"

namespace graft {

// A picture that cannot be read, where such pictures are not left out.
class UnreadablePicture : public Error {
 public:
  using Error::Error;
};

// Throws `error`, which names the picture, with the advice to leave such pictures out.
[[noreturn]] void refuse_picture(const Error& error);

// Throws Error where no picture of `folder` was read, or none of one of its classes. `part` is what the
// message calls the pictures: "training", "validation", or empty. `read` were read, `bad` were left out.
void require_readable(const Folder& folder, const std::string& part, std::size_t read,
                      const std::vector<BadImage>& bad);

}  // namespace graft
