// The bodies of the Open Inference Protocol (KServe v2,
// https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol), as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "graft/http/request_pictures.h"
#include "graft/image/image.h"

namespace graft {

struct InferRequest {
  std::string id;
  // One of the two has elements: of an input of type UINT8, N×height×width×3, RGB; or BYTES, base64 of image
  // files.
  std::vector<Image> pixels;
  std::vector<SentPicture> files;

  std::size_t size() const { return pixels.size() + files.size(); }
};

// Throws BadRequest for another body, more than `max_pictures`, or a picture of more than `max_pixels`.
InferRequest infer_request(const std::string& body, std::size_t max_pictures, std::uint64_t max_pixels);

// `rows`: the values of each picture.
std::string infer_response(const std::string& model, const std::string& id, const std::string& output,
                           const std::vector<std::vector<float>>& rows);

// The description of a model: GET /v2/models/NAME.
std::string infer_metadata(const std::string& model, const std::string& output, std::size_t outputs);

}  // namespace graft
