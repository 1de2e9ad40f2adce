#include "graft/image/open_image.h"

#include <new>
#include <utility>

#include "graft/core/error.h"
#include "graft/image/formats.h"
#include "graft/image/orientation.h"

namespace graft {
namespace {

// The picture is not to blame for the machine's memory: EngineError.
template <class Decode>
auto in_memory(const std::string& name, const Decode& decode) {
  try {
    return decode();
  } catch (const std::bad_alloc&) {
    throw EngineError(name, "memory ran out while it was decoded",
                      "make more memory available or the picture smaller, or lower `max_pixels`");
  }
}

}  // namespace

Box DecodedPart::box_of(const Window& part) const {
  // Exact: `shrink` is a power of two.
  const double scale = 1.0 / shrink;
  return {top + part.top * scale, left + part.left * scale, part.height * scale, part.width * scale};
}

int DecodedPart::shrink_for(const Window& part, const Size& target) const {
  return may_shrink ? largest_shrink(part, target) : 1;
}

OpenImage::OpenImage(std::span<const std::uint8_t> bytes, const std::string& name,
                     const DecodeOptions& options)
    : name_(name),
      source_(in_memory(name, [&] { return open_source(bytes, name, options); })),
      orientation_(options.exif ? source_->orientation() : 1),
      may_shrink_(options.decode == DecodeMode::fast && source_->can_shrink()) {}

OpenImage::~OpenImage() = default;
OpenImage::OpenImage(OpenImage&&) noexcept = default;
OpenImage& OpenImage::operator=(OpenImage&&) noexcept = default;

Size OpenImage::size() const {
  const Size stored = source_->size();
  return swaps_sides(orientation_) ? Size{stored.width, stored.height} : stored;
}

int OpenImage::orientation() const { return source_->orientation(); }

int OpenImage::shrink_for(const Window& part, const Size& target) const {
  return may_shrink_ ? largest_shrink(part, target) : 1;
}

DecodedPart OpenImage::decode(const Window& part, int shrink) {
  const Size stored = source_->size();
  StoredPart decoded =
      in_memory(name_, [&] { return source_->decode(stored_window(part, stored, orientation_), shrink); });
  // The stored image's box in these pixels, then the same after orienting both.
  const double scale = 1.0 / shrink;
  const Box picture = oriented({static_cast<double>(-decoded.top), static_cast<double>(-decoded.left),
                                stored.height * scale, stored.width * scale},
                               {decoded.pixels.height(), decoded.pixels.width()}, orientation_);
  return {oriented(std::move(decoded.pixels), orientation_),
          size(),
          shrink,
          picture.top,
          picture.left,
          may_shrink_};
}

DecodedPart OpenImage::decode_whole(int shrink) {
  const Size whole = size();
  return decode({0, 0, whole.height, whole.width}, shrink);
}

int largest_shrink(const Window& part, const Size& target) {
  int shrink = 8;
  while (shrink > 1 && (part.height < target.height * 2 * shrink || part.width < target.width * 2 * shrink)) {
    shrink /= 2;
  }
  return shrink;
}

}  // namespace graft
