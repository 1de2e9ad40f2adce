// JPEG through libjpeg-turbo.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "graft/image/formats.h"
#include "graft/image/jpeg_decoder.h"

namespace graft {
namespace {

class JpegSource : public ImageSource {
 public:
  explicit JpegSource(const EncodedImage& file) : file_(file), decoder_(file.bytes) {
    check(decoder_.read_header());
    if (decoder_.components() != 1 && decoder_.components() != 3 && decoder_.components() != 4) {
      refuse_kind(file_, "has " + std::to_string(decoder_.components()) + " colour channels, not 1, 3 or 4");
    }
    orientation_ = decoder_.orientation();  // decoding discards the markers
    const Size size = decoder_.size();
    check_size(file_, static_cast<std::uint64_t>(size.height), static_cast<std::uint64_t>(size.width));
  }

  Size size() const override { return decoder_.size(); }
  int orientation() const override { return orientation_; }
  bool can_shrink() const override { return true; }

  StoredPart decode(const Window& part, int shrink) override {
    const Window shrunk = shrunk_window(part, shrink);
    check(decoder_.begin(shrunk, shrink));
    Image pixels(shrunk.height, decoder_.columns());
    std::vector<std::uint8_t> spare_row(static_cast<std::size_t>(decoder_.columns()) * 4);
    check(decoder_.read_rows(pixels.data(), spare_row.data()));
    return {std::move(pixels), shrunk.top, decoder_.first_column()};
  }

 private:
  // The pixels that a part covers after shrinking, and one more on each side if the image is shrunk, for the
  // resize filter. (libjpeg rounds the size of a shrunk image up.)
  Window shrunk_window(const Window& part, int shrink) const {
    if (shrink == 1) return part;
    const auto shrunk = [&](int begin, int extent, int side) {
      const int first = std::max(begin / shrink - 1, 0);
      return std::pair(
          first, std::min((begin + extent + shrink - 1) / shrink + 1, (side + shrink - 1) / shrink) - first);
    };
    const auto [top, height] = shrunk(part.top, part.height, size().height);
    const auto [left, width] = shrunk(part.left, part.width, size().width);
    return {top, left, height, width};
  }

  void check(JpegOutcome outcome) const {
    if (outcome == JpegOutcome::truncated) refuse(file_, "the JPEG file is cut short");
    if (outcome != JpegOutcome::failed) return;
    const std::string message = decoder_.message();
    throw_if_out_of_memory(message);
    if (message.starts_with("Unsupported JPEG") || message.starts_with("Sorry, arithmetic"))
      refuse_kind(file_, "a kind of JPEG that graft does not read (" + message + ")");
    refuse(file_, "the JPEG file is damaged (" + message + ")");
  }

  EncodedImage file_;
  JpegDecoder decoder_;
  int orientation_ = 1;
};

}  // namespace

std::unique_ptr<ImageSource> open_jpeg(const EncodedImage& file) {
  return std::make_unique<JpegSource>(file);
}

}  // namespace graft
