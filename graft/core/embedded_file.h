// A file that the build embeds into a library (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace graft {

struct EmbeddedFile {
  std::string_view name, text;
};

}  // namespace graft
