#include "graft/net/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

Curl new_curl() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Curl curl(ready == CURLE_OK ? curl_easy_init() : nullptr, &curl_easy_cleanup);
  if (!curl) throw Error("libcurl", "cannot be initialized");
  return curl;
}

// Never file:// or another scheme, even if a server redirects to it.
void allow_only_http(CURL* curl) {
#if LIBCURL_VERSION_NUM >= 0x075500  // 7.85 replaced the option
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
#endif
}

// libcurl sends the token to the URL's own host only, also after a redirect.
void set_common(CURL* curl, const std::string& url, const std::string& token, int connect_seconds,
                std::string& message) {
  allow_only_http(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "graft");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // signals are unsafe with threads
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, long{connect_seconds});
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message.data());
  if (token.empty()) return;
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
  curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, token.c_str());
}

std::string text_of(CURLcode code, const std::string& message) {
  const std::string problem = message.c_str();  // empty if libcurl has only an error code
  return problem.empty() ? curl_easy_strerror(code) : problem;
}

// The callbacks of one libcurl transfer. Exceptions must not propagate through libcurl: the first one is
// stored and the transfer aborted.
class Transfer {
 public:
  Transfer(CURL* curl, const HttpDownload& request, const ProgressCallback& progress)
      : curl_(curl), request_(request), progress_(progress) {
    const auto info = request.resume ? disk().info(request.file) : std::nullopt;
    if (info) resume_at_ = info->size;
  }

  std::uint64_t resume_at() const { return resume_at_; }
  bool is_html() const { return html_; }
  bool misplaced() const { return misplaced_; }

  void finish(CURLcode code) {
    if (!failure_ && code == CURLE_OK && !file_) guarded([&] { open(); });  // an empty body
    if (file_) guarded([&] { file_->sync(), file_->close(); });
    if (failure_) std::rethrow_exception(failure_);
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t count, void* self) {
    const std::string_view line(data, count);
    auto& transfer = *static_cast<Transfer*>(self);
    if (line.starts_with("HTTP/")) transfer.range_start_.reset();  // the answer after a redirect
    if (const auto start = content_range_start(line)) transfer.range_start_ = start;
    return count;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const bool taken = transfer.guarded([&] { transfer.take({data, count}); });
    return taken && !transfer.html_ && !transfer.misplaced_ ? count : 0;
  }

 private:
  template <class Action>
  bool guarded(const Action& action) {
    try {
      action();
      return true;
    } catch (...) {
      if (!failure_) failure_ = std::current_exception();
      return false;
    }
  }

  void take(std::string_view bytes) {
    if (!file_) open();
    if (!file_) return;
    file_->write(bytes);
    done_ += bytes.size();
    if (progress_) progress_({request_.name, done_, total_, "B"});
  }

  // Called at the first byte, when the response's headers are complete.
  void open() {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    const char* type = nullptr;
    curl_easy_getinfo(curl_, CURLINFO_CONTENT_TYPE, &type);
    html_ = request_.refuse_html && type != nullptr && to_lower_ascii(type).starts_with("text/html");
    const bool partial = status == 206;
    misplaced_ = partial && (resume_at_ == 0 || range_start_ != resume_at_);
    if (html_ || misplaced_) return;
    file_ = partial ? disk().append(request_.file) : disk().create(request_.file);
    done_ = partial ? resume_at_ : 0;
    curl_off_t length = -1;
    curl_easy_getinfo(curl_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    total_ = length < 0 ? 0 : done_ + static_cast<std::uint64_t>(length);
  }

  CURL* curl_;
  const HttpDownload& request_;
  const ProgressCallback& progress_;
  std::uint64_t resume_at_ = 0, done_ = 0, total_ = 0;
  std::optional<std::uint64_t> range_start_;
  bool html_ = false, misplaced_ = false;
  std::unique_ptr<OutputFile> file_;
  std::exception_ptr failure_;
};

// Adds "Name: value" to a map. Called by libcurl.
std::size_t add_header(char* data, std::size_t, std::size_t count, void* headers) {
  const std::string_view line(data, count);
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    (*static_cast<std::map<std::string, std::string>*>(headers))[to_lower_ascii(line.substr(0, colon))] =
        trimmed(line.substr(colon + 1));
  }
  return count;
}

HttpResult::Outcome outcome_of(CURL* curl, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  switch (code) {
    case CURLE_OK:
      return HttpResult::complete;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return HttpResult::broken;
    case CURLE_HTTP_RETURNED_ERROR:
      return status == 416 ? HttpResult::no_range : HttpResult::failed;
    default:
      return HttpResult::failed;
  }
}

}  // namespace

HttpResult download(const HttpDownload& request, const ProgressCallback& progress) {
  const Curl curl = new_curl();
  Transfer transfer(curl.get(), request, progress);
  std::string message(CURL_ERROR_SIZE, '\0');
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set_common(curl.get(), request.url, request.token, request.connect_seconds, message);
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, long{request.stall_seconds});
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, &transfer);
  const std::string range = std::to_string(transfer.resume_at()) + "-";
  if (transfer.resume_at() > 0) set(CURLOPT_RANGE, range.c_str());

  const CURLcode code = curl_easy_perform(curl.get());
  transfer.finish(code);
  if (transfer.is_html()) return {HttpResult::failed, "the answer is a web page, not a file"};
  if (transfer.misplaced()) return {HttpResult::no_range, "the server sent a different range than requested"};
  return {outcome_of(curl.get(), code), text_of(code, message)};
}

HttpHead http_head(const std::string& url, const std::string& token, int connect_seconds) {
  std::string at = url;
  for (int redirects = 0;; ++redirects) {
    const Curl curl = new_curl();
    HttpHead head;
    std::string message(CURL_ERROR_SIZE, '\0');
    set_common(curl.get(), at, token, connect_seconds, message);
    curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 3L * connect_seconds);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, &add_header);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &head.headers);
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) return {.problem = text_of(code, message)};
    head.reached = true;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &head.status);
    const auto location = head.headers.find("location");
    const bool redirected = head.status >= 300 && head.status < 400 && location != head.headers.end();
    // "/other/path"; "//host/path" names another host.
    const bool same_host =
        redirected && location->second.starts_with('/') && !location->second.starts_with("//");
    if (!same_host || redirects == 5) return head;
    at = url.substr(0, url.find('/', url.find("://") + 3)) + location->second;
  }
}

}  // namespace graft
