#include "graft/image/codec.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include "graft/core/files.h"
#include "graft/image/formats.h"
#include "graft/image/open_image.h"

namespace graft {
namespace {

using namespace std::string_view_literals;

using Opener = std::unique_ptr<ImageSource> (*)(const EncodedImage&);

// An image of a format that is always decoded whole.
class DecodedSource : public ImageSource {
 public:
  explicit DecodedSource(DecodedImage image) : image_(std::move(image)) {}
  Size size() const override { return {image_.pixels.height(), image_.pixels.width()}; }
  int orientation() const override { return image_.orientation; }
  bool can_shrink() const override { return false; }
  StoredPart decode(const Window&, int) override { return {std::move(image_.pixels)}; }

 private:
  DecodedImage image_;
};

template <DecodedImage (*Decode)(const EncodedImage&)>
std::unique_ptr<ImageSource> decoded(const EncodedImage& file) {
  return std::make_unique<DecodedSource>(Decode(file));
}

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  Opener open;
};

constexpr Signature readable[] = {
    {0, "\xff\xd8\xff"sv, open_jpeg},     {0, "\x89PNG\r\n\x1a\n"sv, decoded<decode_png>},
    {8, "WEBP"sv, decoded<decode_webp>},  {0, "II*\0"sv, decoded<decode_tiff>},
    {0, "MM\0*"sv, decoded<decode_tiff>}, {0, "II+\0"sv, decoded<decode_tiff>},
    {0, "MM\0+"sv, decoded<decode_tiff>}, {0, "BM"sv, decoded<decode_bmp>},
    {0, "P1"sv, decoded<decode_pnm>},     {0, "P2"sv, decoded<decode_pnm>},
    {0, "P3"sv, decoded<decode_pnm>},     {0, "P4"sv, decoded<decode_pnm>},
    {0, "P5"sv, decoded<decode_pnm>},     {0, "P6"sv, decoded<decode_pnm>},
};

// Other formats that are common in image folders, named in the error message.
struct OtherFormat {
  std::size_t offset;
  std::string_view bytes;
  const char* what;
};

constexpr OtherFormat other_formats[] = {
    {0, "GIF8"sv, "a GIF"},
    {4, "ftypavi"sv, "an AVIF"},
    {4, "ftyphei"sv, "a HEIC"},
    {4, "ftypmif"sv, "a HEIF"},
    {4, "ftyp"sv, "a video"},
    {4, "jP  "sv, "a JPEG 2000"},
    {4, "JXL "sv, "a JPEG XL"},
    {0, "\xff\x0a"sv, "a JPEG XL"},
    {0, "8BPS"sv, "a Photoshop document"},
    {0, "\0\0\1\0"sv, "an icon"},
    {0, "<svg"sv, "an SVG drawing"},
    {0, "<?xml"sv, "XML"},
    {0, "<!DOCTYPE"sv, "a web page"},
    {0, "<html"sv, "a web page"},
    {0, "%PDF"sv, "a PDF"},
    {0, "%!PS"sv, "PostScript"},
    {0, "PK\3\4"sv, "a zip archive"},
    {0, "\x1f\x8b"sv, "compressed by gzip"},
};

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Entry>
bool matches(const Entry& entry, std::string_view text) {
  return text.size() >= entry.offset && text.substr(entry.offset).starts_with(entry.bytes);
}

// The first bytes in readable form: text in quotes, or hexadecimal.
std::string beginning(std::string_view text) {
  text = text.substr(0, 6);
  if (std::all_of(text.begin(), text.end(),
                  [](unsigned char c) { return std::isprint(c) != 0 && c != '"'; })) {
    return "\"" + std::string(text) + "\"";
  }
  std::string hex;
  for (const unsigned char c : text) {
    std::array<char, 4> digits{};
    std::snprintf(digits.data(), digits.size(), " %02x", c);
    hex += digits.data();
  }
  return "bytes" + hex;
}

[[noreturn]] void refuse_unknown(const EncodedImage& file) {
  const std::string_view text = as_text(file.bytes);
  if (text.empty()) refuse(file, "is empty");
  std::string problem = "not a picture graft reads (starts with " + beginning(text);
  const auto* known = std::find_if(std::begin(other_formats), std::end(other_formats),
                                   [&](const OtherFormat& other) { return matches(other, text); });
  if (known != std::end(other_formats)) problem += std::string(": ") + known->what;
  refuse_kind(file, problem + ")");
}

}  // namespace

std::unique_ptr<ImageSource> open_source(std::span<const std::uint8_t> bytes, const std::string& name,
                                         const DecodeOptions& options) {
  const EncodedImage file{bytes, name, options.max_pixels, background_of(options.alpha)};
  const std::string_view text = as_text(bytes);
  for (const Signature& signature : readable) {
    if (matches(signature, text)) return signature.open(file);
  }
  refuse_unknown(file);
}

Image decode_image(std::span<const std::uint8_t> bytes, const std::string& name,
                   const DecodeOptions& options) {
  return OpenImage(bytes, name, options).decode_whole().pixels;
}

Image read_image(const std::filesystem::path& path, const DecodeOptions& options) {
  return decode_image(disk().read(path, max_file_bytes), path.string(), options);
}

}  // namespace graft
