#include "graft/image/formats.h"

#include <limits>
#include <new>

#include "graft/core/error.h"

namespace graft {

void throw_if_out_of_memory(std::string_view message) {
  const bool of_memory = message.find("memory") != std::string_view::npos || message.starts_with("No space");
  // libtiff's own limit, which only damaged files exceed.
  if (of_memory && message.find("limit") == std::string_view::npos) throw std::bad_alloc();
}

void refuse(const EncodedImage& file, const std::string& problem) {
  throw Error(file.name, problem, "replace it by a good copy, or remove it");
}

void refuse_kind(const EncodedImage& file, const std::string& problem) {
  throw Error(file.name, problem, "convert it to JPEG or PNG, or remove it");
}

void check_size(const EncodedImage& file, std::uint64_t height, std::uint64_t width) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (height == 0 || width == 0) refuse(file, "declares a size of " + size);
  constexpr std::uint64_t longest_side = std::numeric_limits<std::int32_t>::max();
  if (height > longest_side || width > longest_side || height * width > file.max_pixels) {
    throw Error(file.name,
                "declares a size of " + size + ", above the limit of " + std::to_string(file.max_pixels),
                "make it smaller, or raise `max_pixels` if you trust it");
  }
}

Image new_image(const EncodedImage& file, std::uint64_t height, std::uint64_t width) {
  check_size(file, height, width);
  return {static_cast<int>(height), static_cast<int>(width)};
}

}  // namespace graft
