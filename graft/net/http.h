// HTTP by libcurl: downloads a file, or asks for its headers. Internal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "graft/core/progress.h"

namespace graft {

struct HttpDownload {
  std::string url;             // http or https; redirects too
  std::filesystem::path file;  // the destination
  bool resume = false;         // request only the bytes that `file` lacks
  bool refuse_html = false;    // treat a web page as an error
  int connect_seconds = 20;    // limit for connecting
  int stall_seconds = 60;      // limit without a byte received
  std::string name;            // in Progress
  std::string token;           // sent as "Authorization: Bearer TOKEN" to the URL's own host; empty: none
};

struct HttpResult {
  enum Outcome {
    complete,  // the whole body is in the file, with the length that the server declared
    broken,    // the connection broke: retry and resume
    no_range,  // the server cannot send the rest: retry from the start
    failed
  };
  Outcome outcome = failed;
  std::string problem;  // for people; empty if complete
};

// Network failures are in the result; disk failures and exceptions of `progress` are thrown. If the response
// to a resuming request is not the rest of the file, it replaces the file.
HttpResult download(const HttpDownload& request, const ProgressCallback& progress);

struct HttpHead {
  bool reached = false;  // a server answered
  long status = 0;
  std::map<std::string, std::string> headers;  // by name in lower case
  std::string problem;                         // for people; empty if reached
};

// Asks for the headers of `url`, without the body, and follows redirects only within the same host: the
// answer of the host itself has the headers of interest when it redirects to a store of files.
HttpHead http_head(const std::string& url, const std::string& token, int connect_seconds = 20);

// The position of the first byte in "Content-Range: bytes 100-199/200" (RFC 9110, 14.4); nothing for any
// other header line or an unsatisfied range.
std::optional<std::uint64_t> content_range_start(std::string_view header_line);

}  // namespace graft
