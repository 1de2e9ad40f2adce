// The bodies of requests to the server. The input is a line with the content type, and the body; or "infer"
// and a body of the Open Inference Protocol.
#include <string>

#include "fuzz/target.h"
#include "graft/http/infer_protocol.h"
#include "graft/http/request_pictures.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  constexpr std::size_t max_pictures = 8;
  const std::string text(reinterpret_cast<const char*>(input.data()), input.size());
  const std::size_t end = std::min(text.find('\n'), text.size());
  HttpRequest request{"POST", "/v1/predict"};
  request.content_type = text.substr(0, end);
  request.body = text.substr(std::min(end + 1, text.size()));
  survives([&] {
    const SentPictures sent = pictures_of(request, max_pictures);
    if (sent.pictures.empty() || sent.pictures.size() > max_pictures) finding("a wrong number of pictures");
    for (const SentPicture& picture : sent.pictures) {
      if (picture.bytes.size() > request.body.size()) finding("a picture that is larger than the body");
      look_at(picture.bytes);
    }
  });
  survives([&] {
    const InferRequest infer = infer_request(request.body, max_pictures, max_pixels);
    if (infer.size() == 0 || infer.size() > max_pictures) finding("a wrong number of pictures to infer");
    for (const Image& image : infer.pixels) look_at(image);
  });
}
