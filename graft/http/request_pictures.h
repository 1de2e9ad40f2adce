// The pictures in the body of a request: the bytes of an image file, multipart/form-data (RFC 7578), or JSON
// with base64 (RFC 4648).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/error.h"
#include "graft/http/message.h"

namespace graft {

// A request that is not as it should be: its message is for the client.
class BadRequest : public Error {
 public:
  using Error::Error;
};

struct SentPicture {
  std::string name;  // of the file; "image 1" without one
  std::vector<std::uint8_t> bytes;
};

struct SentPictures {
  std::vector<SentPicture> pictures;
  // Of a JSON body: what it asks for beside the pictures. Empty or 0 if it does not say.
  std::string model;
  std::optional<int> top_k;
  std::optional<double> threshold;
};

// Throws BadRequest for a body that does not have the form of its content type, and for one without pictures
// or with more than `max_pictures`.
SentPictures pictures_of(const HttpRequest& request, std::size_t max_pictures);

// Throws BadRequest for text that is not base64. Line breaks are accepted.
std::vector<std::uint8_t> bytes_of_base64(std::string_view text);

}  // namespace graft
