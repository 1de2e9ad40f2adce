// WebP through libwebp's animation decoder, as Pillow uses it: a still picture is an animation of one frame.
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "graft/image/exif.h"
#include "graft/image/formats.h"

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

void drop_alpha(const std::uint8_t* rgba, Image& image) {
  std::uint8_t* rgb = image.data();
  for (const std::uint8_t* end = rgb + image.size_bytes(); rgb != end; rgb += 3, rgba += 4) {
    rgb[0] = rgba[0];
    rgb[1] = rgba[1];
    rgb[2] = rgba[2];
  }
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
  drop_alpha(rgba, image);
  return {std::move(image), orientation_of(decoder.get())};
}

}  // namespace graft
