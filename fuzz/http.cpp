// What graft itself reads of an address and of an answer (the rest is libcurl's): the name under which a
// download is kept, and where the bytes of a partial answer belong.
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
      if (!is_a_name) graft::fuzz::finding("a file name that leads elsewhere:", download.file.c_str());
    });
  }
}
