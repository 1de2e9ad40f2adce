#include "graft/image/orientation.h"

#include <optional>
#include <string_view>

namespace graft {
namespace {

using namespace std::string_view_literals;

constexpr unsigned orientation_tag = 0x0112;

bool starts_with(std::span<const std::uint8_t> bytes, std::string_view text) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(text);
}

// Reads numbers in the byte order of a TIFF structure, never outside it.
class TiffNumbers {
 public:
  TiffNumbers(std::span<const std::uint8_t> bytes, bool little_endian)
      : bytes_(bytes), little_endian_(little_endian) {}

  std::optional<std::size_t> number(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8 | bytes_[offset + (little_endian_ ? size - 1 - i : i)];
    }
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool little_endian_;
};

// Bytes of one value of a directory entry's type, if it is an integer type.
std::size_t size_of_type(std::size_t type) {
  switch (type) {
    case 1:
      return 1;
    case 3:
      return 2;
    case 4:
      return 4;
    default:
      return 0;
  }
}

}  // namespace

int exif_orientation(std::span<const std::uint8_t> exif) {
  while (starts_with(exif, "Exif\0\0"sv)) exif = exif.subspan(6);
  const bool little_endian = starts_with(exif, "II*\0"sv);
  if (!little_endian && !starts_with(exif, "MM\0*"sv)) return 1;
  const TiffNumbers tiff(exif, little_endian);
  const auto directory = tiff.number(4, 4);
  const auto entries = directory ? tiff.number(*directory, 2) : std::nullopt;
  for (std::size_t i = 0; entries && i < *entries; ++i) {
    const std::size_t entry = *directory + 2 + i * 12;
    const auto tag = tiff.number(entry, 2);
    if (!tag) return 1;
    if (*tag != orientation_tag) continue;
    const std::size_t size = size_of_type(tiff.number(entry + 2, 2).value_or(0));
    const std::size_t count = tiff.number(entry + 4, 4).value_or(0);
    if (size == 0 || count == 0) return 1;
    // Up to four bytes are in the entry itself, more are at the offset in it. The first of several values.
    const auto place = count <= 4 / size ? std::optional<std::size_t>(entry + 8) : tiff.number(entry + 8, 4);
    const auto value = place ? tiff.number(*place, size) : std::nullopt;
    return value && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
  }
  return 1;
}

}  // namespace graft
