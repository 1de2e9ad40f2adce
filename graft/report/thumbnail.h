// Small pictures that stand within a page.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "graft/image/decode.h"

namespace graft {

struct Thumbnail {
  std::string uri;     // data:image/jpeg;base64,…; empty where the picture could not be read
  std::string reason;  // why not, in one line
  int height = 0, width = 0;
  int full_height = 0, full_width = 0;  // of the picture itself
};

// The picture shrunk until its longer side is at most `side` pixels. Never throws for a picture that is
// missing or broken.
Thumbnail read_thumbnail(const std::filesystem::path& path, int side, const DecodeOptions& decode = {});
// The same of what `read` gives: the bytes of the picture `name`.
Thumbnail read_thumbnail(const std::function<std::vector<std::uint8_t>()>& read, const std::string& name,
                         int side, const DecodeOptions& decode = {});

}  // namespace graft
