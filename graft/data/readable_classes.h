// Errors for pictures that cannot be read, and for classes left without pictures.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"

namespace graft {

// Thrown for an unreadable picture unless such pictures are skipped.
class UnreadablePicture : public Error {
 public:
  using Error::Error;
};

// Throws `error`, which names the picture, with the advice to skip such pictures. `sample`: of the picture.
[[noreturn]] void refuse_picture(const Error& error, const Sample& sample);

// For the exception of a picture's loading: adds the picture to `bad` if unreadable ones are skipped, else
// refuse_picture(). An exception that is not the picture's fault, such as EngineError, is thrown again.
void skip_or_refuse(const std::exception_ptr& failure, const Sample& sample, bool skip_bad,
                    std::vector<BadImage>& bad);

// "skipped 2 pictures that could not be read"
std::string skipped_words(std::int64_t count);

// Throws Error if no picture of `folder` was read, or none of one of its classes. `part` names the pictures
// in the message: "training", "validation", or empty. `read` were read, `bad` were skipped.
void require_readable(const Folder& folder, const std::string& part, std::size_t read,
                      const std::vector<BadImage>& bad);

}  // namespace graft
