// One HTTP request whose answer goes to a file, by libcurl. Internal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "graft/core/progress.h"

namespace graft {

struct HttpDownload {
  std::string url;             // http or https; so are redirects
  std::filesystem::path file;  // where the bytes go
  bool resume = false;         // ask only for what `file` lacks
  bool refuse_html = false;    // an answer that is a web page is an error
  int connect_seconds = 20;    // for a connection to stand
  int stall_seconds = 60;      // without a byte, then the transfer is given up
  std::string name;            // in Progress
};

struct HttpResult {
  enum Outcome {
    complete,  // the whole body is in the file, as long as the server said
    broken,    // the connection broke on the way: worth another try that resumes
    no_range,  // the server will not give the rest: worth another try from the start
    failed
  };
  Outcome outcome = failed;
  std::string problem;  // for people, where not complete
};

// The network's failures are in the result; the disk's, and what `progress` throws, are thrown. An answer to
// a resuming request that is not the rest of the file replaces the file.
HttpResult download(const HttpDownload& request, const ProgressCallback& progress);

// The first byte's position in "Content-Range: bytes 100-199/200" (RFC 9110, 14.4); nothing for every other
// line of a header, and for a range that is not given.
std::optional<std::uint64_t> content_range_start(std::string_view header_line);

}  // namespace graft
