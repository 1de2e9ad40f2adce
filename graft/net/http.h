// One HTTP request whose answer goes to a file, by libcurl. Internal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

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

}  // namespace graft
