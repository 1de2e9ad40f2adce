// The pictures in the body of a request: the bytes of an image file, multipart/form-data (RFC 7578), or JSON
// with base64 (RFC 4648).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
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
  // What the request asks for: the members "model", "top_k" and "threshold" of its JSON or fields of its
  // form, as text, which the members of the address replace.
  std::map<std::string, std::string> fields;
};

// Throws BadRequest for a body that does not have the form of its content type, for one without pictures or
// with more than `max_pictures`, and for other fields.
SentPictures pictures_of(const HttpRequest& request, std::size_t max_pictures);

// Throws BadRequest that begins with `what` for text that is not base64. Line breaks are accepted.
std::vector<std::uint8_t> bytes_of_base64(std::string_view text, const std::string& what);

}  // namespace graft
