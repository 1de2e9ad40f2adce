// WebP through libwebp's animation decoder, as Pillow uses it: a still image is an animation of one frame.
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <optional>

#include "graft/image/formats.h"
#include "graft/image/orientation.h"

namespace graft {
namespace {

struct Delete {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

int orientation_of(const WebPAnimDecoder* decoder) {
  WebPChunkIterator chunk{};
  int orientation = 1;
  if (WebPDemuxGetChunk(WebPAnimDecoderGetDemuxer(decoder), "EXIF", 1, &chunk) != 0) {
    orientation = exif_orientation({chunk.chunk.bytes, chunk.chunk.size});
  }
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

}  // namespace

DecodedImage decode_webp(const EncodedImage& file) {
  const char* damaged = "the WebP file is damaged or cut short";
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(file.bytes.data(), file.bytes.size(), &features) != VP8_STATUS_OK)
    refuse(file, damaged);
  Image image = new_image(file, static_cast<std::uint64_t>(features.height),
                          static_cast<std::uint64_t>(features.width));

  WebPAnimDecoderOptions options{};
  WebPAnimDecoderOptionsInit(&options);
  options.color_mode = MODE_RGBA;
  const WebPData data{file.bytes.data(), file.bytes.size()};
  const std::unique_ptr<WebPAnimDecoder, Delete> decoder(WebPAnimDecoderNew(&data, &options));
  WebPAnimInfo info{};
  if (decoder == nullptr || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0) refuse(file, damaged);
  std::uint8_t* rgba = nullptr;
  int timestamp = 0;
  if (static_cast<int>(info.canvas_height) != image.height() ||
      static_cast<int>(info.canvas_width) != image.width() ||
      WebPAnimDecoderGetNext(decoder.get(), &rgba, &timestamp) == 0) {
    refuse(file, damaged);
  }
  // Without the transparency flag, pixels outside every frame are black, as in Pillow.
  flatten(rgba, image.size_bytes() / 3, features.has_alpha != 0 ? file.background : std::nullopt,
          image.data());
  return {std::move(image), orientation_of(decoder.get())};
}

}  // namespace graft
