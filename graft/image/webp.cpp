// WebP through libwebp's animation decoder, as Pillow uses it: a still image is an animation of one frame.
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <new>
#include <optional>

#include "graft/image/formats.h"
#include "graft/image/orientation.h"

namespace graft {
namespace {

struct Delete {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
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

// Of a file whose animation decoder failed without a reason: std::bad_alloc unless its first frame alone is
// damaged.
void throw_if_intact(const WebPData& data) {
  const std::unique_ptr<WebPDemuxer, Delete> demuxer(WebPDemux(&data));
  WebPIterator frame{};
  if (demuxer == nullptr || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) return;
  WebPDecoderConfig config{};
  WebPInitDecoderConfig(&config);
  const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
  WebPFreeDecBuffer(&config.output);
  WebPDemuxReleaseIterator(&frame);
  if (status == VP8_STATUS_OK || status == VP8_STATUS_OUT_OF_MEMORY) throw std::bad_alloc();
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
  if (decoder == nullptr || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0) {
    throw_if_intact(data);
    refuse(file, damaged);
  }
  std::uint8_t* rgba = nullptr;
  int timestamp = 0;
  if (static_cast<int>(info.canvas_height) != image.height() ||
      static_cast<int>(info.canvas_width) != image.width())
    refuse(file, damaged);
  if (WebPAnimDecoderGetNext(decoder.get(), &rgba, &timestamp) == 0) {
    throw_if_intact(data);
    refuse(file, damaged);
  }
  // Without the transparency flag, pixels outside every frame are black, as in Pillow.
  flatten(rgba, image.size_bytes() / 3, features.has_alpha != 0 ? file.background : std::nullopt,
          image.data());
  return {std::move(image), orientation_of(decoder.get())};
}

}  // namespace graft
