// What graft itself parses of a URL and a response (libcurl parses the rest): the file name of a download,
// and the position of a partial response's bytes.
#include <string>

#include "fuzz/target.h"
#include "graft/net/http.h"
#include "graft/net/hub.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  const std::string text(reinterpret_cast<const char*>(input.data()), input.size());
  graft::content_range_start(text);
  graft::content_range_start("Content-Range: bytes " + text);
  for (const char* scheme : {"", "https://host/"}) {
    graft::fuzz::survives([&] {
      const graft::Download download = graft::download_from_url(scheme + text);
      const bool is_a_name = !download.file.empty() && download.file != "." && download.file != ".." &&
                             download.file.find('/') == std::string::npos;
      if (!is_a_name) graft::fuzz::finding("a file name outside its folder:", download.file.c_str());
    });
  }
}
