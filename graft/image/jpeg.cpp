// JPEG through libjpeg(-turbo), with its default settings, as Pillow uses it: the accurate DCT and smooth
// upsampling.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graft/image/exif.h"
#include "graft/image/formats.h"
#include "graft/image/jpeg_errors.h"

namespace graft {
namespace {

// More scans than any encoder makes: a small file of thousands could keep a processor busy for hours.
constexpr int most_scans = 500;

// All bytes are there from the start, so wanting more means that the file was cut. FALSE stops the decoder in
// an orderly way: what it could decode, it has.
boolean no_more_bytes(j_decompress_ptr) { return FALSE; }

void skip_bytes(j_decompress_ptr decoder, long count) {
  if (count <= 0) return;
  jpeg_source_mgr& source = *decoder->src;
  const std::size_t skipped = std::min(static_cast<std::size_t>(count), source.bytes_in_buffer);
  source.next_input_byte += skipped;
  source.bytes_in_buffer -= skipped;
}

void nothing(j_decompress_ptr) {}

void limit_scans(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= most_scans) return;
  auto* errors = reinterpret_cast<JpegErrors*>(codec->err);
  std::snprintf(errors->message.data(), errors->message.size(), "more than %d scans", most_scans);
  std::longjmp(errors->jump, 1);
}

enum class Outcome { done, truncated, failed };

// One decoder. Every call of libjpeg that can fail stands in a function with its own setjmp.
class JpegDecoder {
 public:
  explicit JpegDecoder(std::span<const std::uint8_t> bytes) {
    decoder_.err = install(errors_);
    source_.next_input_byte = bytes.data();
    source_.bytes_in_buffer = bytes.size();
    source_.init_source = nothing;
    source_.fill_input_buffer = no_more_bytes;
    source_.skip_input_data = skip_bytes;
    source_.resync_to_restart = jpeg_resync_to_restart;
    source_.term_source = nothing;
    progress_.progress_monitor = limit_scans;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&decoder_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  Outcome read_header() {
    if (setjmp(errors_.jump) != 0) return Outcome::failed;
    jpeg_create_decompress(&decoder_);
    decoder_.src = &source_;
    decoder_.progress = &progress_;
    jpeg_save_markers(&decoder_, JPEG_APP0 + 1, 0xffff);
    return jpeg_read_header(&decoder_, TRUE) == JPEG_HEADER_OK ? Outcome::done : Outcome::truncated;
  }

  // Grey and colour go straight to `pixels`; of CMYK pictures each row is decoded to `cmyk_row` (4 bytes a
  // pixel) first.
  Outcome decode(std::uint8_t* pixels, std::uint8_t* cmyk_row) {
    if (setjmp(errors_.jump) != 0) return Outcome::failed;
    decoder_.out_color_space = cmyk() ? JCS_CMYK : JCS_RGB;
    if (jpeg_start_decompress(&decoder_) == FALSE) return Outcome::truncated;
    while (decoder_.output_scanline < decoder_.output_height) {
      std::uint8_t* rgb =
          pixels + static_cast<std::size_t>(decoder_.output_scanline) * decoder_.output_width * 3;
      JSAMPROW row = cmyk() ? cmyk_row : rgb;
      if (jpeg_read_scanlines(&decoder_, &row, 1) != 1) return Outcome::truncated;
      if (cmyk()) to_rgb(cmyk_row, decoder_.output_width, rgb);
    }
    // A file that ends after its last row, without the end marker, is whole.
    static_cast<void>(jpeg_finish_decompress(&decoder_));
    return Outcome::done;
  }

  unsigned height() const { return decoder_.image_height; }
  unsigned width() const { return decoder_.image_width; }
  int components() const { return decoder_.num_components; }
  bool cmyk() const { return decoder_.num_components == 4; }
  const char* message() const { return errors_.message.data(); }

  int orientation() const {
    for (const jpeg_marker_struct* marker = decoder_.marker_list; marker != nullptr; marker = marker->next) {
      if (marker->data_length < 6 ||
          std::string_view(reinterpret_cast<const char*>(marker->data), 4) != "Exif")
        continue;
      return exif_orientation({marker->data, marker->data_length});
    }
    return 1;
  }

 private:
  // The inks are stored inverted, as Adobe does; multiplied as Pillow does (a · b / 255, rounded).
  static void to_rgb(const std::uint8_t* cmyk, unsigned pixels, std::uint8_t* rgb) {
    for (unsigned x = 0; x < pixels; ++x, cmyk += 4, rgb += 3) {
      const int light = cmyk[3];
      for (int channel = 0; channel < 3; ++channel) {
        const int product = (255 - cmyk[channel]) * light + 128;
        rgb[channel] = static_cast<std::uint8_t>(light - (((product >> 8) + product) >> 8));
      }
    }
  }

  JpegErrors errors_{};
  jpeg_decompress_struct decoder_{};
  jpeg_source_mgr source_{};
  jpeg_progress_mgr progress_{};
};

void check(Outcome outcome, const JpegDecoder& decoder, const EncodedImage& file) {
  if (outcome == Outcome::truncated) refuse(file, "the JPEG file is cut short");
  if (outcome == Outcome::failed)
    refuse(file, std::string("the JPEG file is damaged (") + decoder.message() + ")");
}

}  // namespace

DecodedImage decode_jpeg(const EncodedImage& file) {
  JpegDecoder decoder(file.bytes);
  check(decoder.read_header(), decoder, file);
  if (decoder.components() != 1 && decoder.components() != 3 && decoder.components() != 4) {
    refuse(file,
           "has " + std::to_string(decoder.components()) + " colour channels, where a JPEG has 1, 3 or 4");
  }
  const int orientation = decoder.orientation();  // decoding forgets the notes
  Image image = new_image(file, decoder.height(), decoder.width());
  std::vector<std::uint8_t> cmyk_row(decoder.cmyk() ? static_cast<std::size_t>(decoder.width()) * 4 : 0);
  check(decoder.decode(image.data(), cmyk_row.data()), decoder, file);
  return {std::move(image), orientation};
}

}  // namespace graft
