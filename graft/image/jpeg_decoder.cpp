// Uses libjpeg's default settings, as Pillow does: the accurate DCT and smooth upsampling.
#include "graft/image/jpeg_decoder.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "graft/image/orientation.h"

namespace graft {
namespace {

// More scans than any encoder makes: a small file with thousands of scans could take hours to decode.
constexpr int max_scans = 500;

constexpr int rows_at_once = 4;

// All bytes are present from the start, so a request for more means that the file is truncated. FALSE stops
// the decoder and keeps what is decoded.
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
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number <= max_scans) return;
  auto* errors = reinterpret_cast<JpegErrors*>(codec->err);
  std::snprintf(errors->message.data(), errors->message.size(), "more than %d scans", max_scans);
  std::longjmp(errors->jump, 1);
}

// Inks are stored inverted, as Adobe does, and multiplied as Pillow does (a · b / 255, rounded).
void cmyk_to_rgb(const std::uint8_t* cmyk, unsigned pixels, std::uint8_t* rgb) {
  for (unsigned x = 0; x < pixels; ++x, cmyk += 4, rgb += 3) {
    const int light = cmyk[3];
    for (int channel = 0; channel < 3; ++channel) {
      const int product = (255 - cmyk[channel]) * light + 128;
      rgb[channel] = static_cast<std::uint8_t>(light - (((product >> 8) + product) >> 8));
    }
  }
}

// memchr is faster: std::find compares one byte at a time.
const JOCTET* find_ff(const JOCTET* begin, const JOCTET* end) {
  const void* found = std::memchr(begin, 0xff, static_cast<std::size_t>(end - begin));
  return found != nullptr ? static_cast<const JOCTET*>(found) : end;
}

}  // namespace

JpegDecoder::JpegDecoder(std::span<const std::uint8_t> bytes) {
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

JpegDecoder::~JpegDecoder() { jpeg_destroy_decompress(&decoder_); }

JpegOutcome JpegDecoder::read_header() {
  if (setjmp(errors_.jump) != 0) return JpegOutcome::failed;
  jpeg_create_decompress(&decoder_);
  decoder_.src = &source_;
  decoder_.progress = &progress_;
  jpeg_save_markers(&decoder_, JPEG_APP0 + 1, 0xffff);
  return jpeg_read_header(&decoder_, TRUE) == JPEG_HEADER_OK ? JpegOutcome::done : JpegOutcome::truncated;
}

Size JpegDecoder::size() const {
  return {static_cast<int>(decoder_.image_height), static_cast<int>(decoder_.image_width)};
}

int JpegDecoder::orientation() const {
  for (const jpeg_marker_struct* marker = decoder_.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->data_length < 6 || std::string_view(reinterpret_cast<const char*>(marker->data), 4) != "Exif")
      continue;
    return exif_orientation({marker->data, marker->data_length});
  }
  return 1;
}

JpegOutcome JpegDecoder::begin(const Window& part, int shrink) {
  if (setjmp(errors_.jump) != 0) return JpegOutcome::failed;
  part_ = part;
  block_ = DCTSIZE / shrink;
  decoder_.scale_num = 1;
  decoder_.scale_denom = static_cast<unsigned>(shrink);
  decoder_.out_color_space = cmyk() ? JCS_CMYK : JCS_RGB;
  if (jpeg_start_decompress(&decoder_) == FALSE) return JpegOutcome::truncated;
  // libjpeg-turbo returns wrong columns if the chroma is shrunk less than the luma and upsampled all the
  // same.
  if (shrink > 1 && std::max(decoder_.max_h_samp_factor, decoder_.max_v_samp_factor) > 2)
    return JpegOutcome::done;
  // Smooth upsampling reads neighbouring pixels, which the last decoded columns lack: one more block on each
  // side keeps those columns outside the part.
  const int margin = block_ * decoder_.max_h_samp_factor + 2;
  const int width = static_cast<int>(decoder_.output_width);
  const int first = std::max(part.left - margin, 0);
  const int end = std::min(part.left + part.width + margin, width);
  if (end - first == width) return JpegOutcome::done;
  auto left = static_cast<JDIMENSION>(first), columns = static_cast<JDIMENSION>(end - first);
  jpeg_crop_scanline(&decoder_, &left, &columns);
  first_column_ = static_cast<int>(left);
  return JpegOutcome::done;
}

JpegOutcome JpegDecoder::read_rows(std::uint8_t* pixels, std::uint8_t* spare_row) {
  if (setjmp(errors_.jump) != 0) return JpegOutcome::failed;
  const auto end_of_part = static_cast<JDIMENSION>(part_.top + part_.height);
  bool at_end_of_part = false;
  while (decoder_.output_scanline < decoder_.output_height) {
    if (!at_end_of_part && decoder_.output_scanline >= end_of_part) {
      at_end_of_part = true;
      if (rest_is_whole()) return JpegOutcome::done;
    }
    choose_blocks();
    if (!read_some(pixels, spare_row)) return JpegOutcome::truncated;
  }
  // A file that ends after its last row, without the end marker, is complete.
  static_cast<void>(jpeg_finish_decompress(&decoder_));
  return JpegOutcome::done;
}

// The codes of all blocks must be read, but only blocks near the part must be converted to pixels: the rows
// of the others are not used. (libjpeg decodes at most one row of blocks ahead of its output, and smooth
// upsampling reads one more row of pixels than the part.)
void JpegDecoder::choose_blocks() {
  const int tall = block_ * decoder_.max_v_samp_factor;
  const int first = std::max(part_.top - 1, 0) / tall, last = (part_.top + part_.height) / tall;
  const auto row = static_cast<int>(decoder_.output_scanline);
  const bool needed = row >= (first - 2) * tall && row < (last + 1) * tall;
  for (int i = 0; i < decoder_.num_components; ++i) {
    decoder_.comp_info[i].component_needed = needed ? TRUE : FALSE;
  }
}

// Whether decoding the rest cannot fail. Codes end at a marker: for damaged bytes the decoder warns and makes
// up what is missing; it refuses the file only if the bytes run out or for what follows the codes. If the
// first marker of the rest, restart markers aside, is the end of the image, scanning it is enough.
bool JpegDecoder::rest_is_whole() {
  if (jpeg_input_complete(&decoder_) != FALSE) return true;
  if (decoder_.unread_marker != 0) return decoder_.unread_marker == JPEG_EOI;
  const JOCTET* at = source_.next_input_byte;
  const JOCTET* const end = at + source_.bytes_in_buffer;
  while ((at = find_ff(at, end)) != end) {
    at = std::find_if(at, end, [](JOCTET byte) { return byte != 0xff; });
    if (at == end) break;
    const bool part_of_the_codes = *at == 0 || (*at >= JPEG_RST0 && *at <= JPEG_RST0 + 7);
    if (!part_of_the_codes) return *at == JPEG_EOI;
  }
  return false;
}

bool JpegDecoder::read_some(std::uint8_t* pixels, std::uint8_t* spare_row) {
  const auto row = static_cast<int>(decoder_.output_scanline);
  const int in_part = row - part_.top;
  const bool inside = in_part >= 0 && in_part < part_.height;
  std::uint8_t* rgb = pixels + static_cast<std::ptrdiff_t>(in_part) * columns() * 3;
  if (cmyk() || !inside) {
    if (jpeg_read_scanlines(&decoder_, &spare_row, 1) != 1) return false;
    if (inside) cmyk_to_rgb(spare_row, decoder_.output_width, rgb);
    return true;
  }
  JSAMPROW rows[rows_at_once];
  const int count = std::min(rows_at_once, part_.height - in_part);
  for (int i = 0; i < count; ++i) rows[i] = rgb + static_cast<std::ptrdiff_t>(i) * columns() * 3;
  return jpeg_read_scanlines(&decoder_, rows, static_cast<JDIMENSION>(count)) > 0;
}

}  // namespace graft
