// Small pictures embedded in a page.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "graft/image/codec.h"

namespace graft {

struct Thumbnail {
  std::string uri;     // data:image/jpeg;base64,…; empty if the picture cannot be read
  std::string reason;  // why not, in one line
  int height = 0, width = 0;
  int full_height = 0, full_width = 0;  // of the original picture
};

// The picture scaled down to a longer side of at most `side` pixels. Does not throw for a missing or damaged
// picture.
Thumbnail read_thumbnail(const std::filesystem::path& path, int side, const DecodeOptions& decode = {});
// The same for the result of `read`: the bytes of the picture `name`.
Thumbnail read_thumbnail(const std::function<std::vector<std::uint8_t>()>& read, const std::string& name,
                         int side, const DecodeOptions& decode = {});

}  // namespace graft
