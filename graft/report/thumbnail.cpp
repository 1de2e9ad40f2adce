#include "graft/report/thumbnail.h"

#include <algorithm>
#include <cmath>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "graft/image/resize.h"
#include "graft/report/html_text.h"

namespace graft {
namespace {

constexpr int jpeg_quality = 85;

Image shrunk(const Image& image, int side) {
  const int longer = std::max(image.height(), image.width());
  if (longer <= side) return image.clone();
  const auto size = [&](int length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * side / longer)));
  };
  return resize(image.view(), size(image.height()), size(image.width()), Interpolation::bilinear);
}

}  // namespace

Thumbnail read_thumbnail(const std::filesystem::path& path, int side, const DecodeOptions& decode) {
  if (!disk().info(path)) return {"", "the picture does not exist"};
  return read_thumbnail([&] { return disk().read(path, max_file_bytes); }, path.string(), side, decode);
}

Thumbnail read_thumbnail(const std::function<std::vector<std::uint8_t>()>& read, const std::string& name,
                         int side, const DecodeOptions& decode) {
  try {
    const Image image = decode_image(read(), name, decode);
    const Image small = shrunk(image, side);
    return {data_uri("image/jpeg", encode_jpeg(small.view(), jpeg_quality)),
            "",
            small.height(),
            small.width(),
            image.height(),
            image.width()};
  } catch (const Error& error) {
    return {"", error.problem()};
  }
}

}  // namespace graft
