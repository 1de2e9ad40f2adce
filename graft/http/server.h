// An HTTP/1.1 server on libmicrohttpd: one thread reads and writes all connections; the work is done
// elsewhere. Limits are checked before the body is read. A client's bytes stay in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "graft/http/message.h"

namespace graft {

// Whether this build has libmicrohttpd.
bool can_serve_http();

struct HttpLimits {
  std::uint64_t max_body = 20U << 20U;     // bytes of a request
  std::uint64_t max_bodies = 512U << 20U;  // bytes of all requests that are being read or answered
  double timeout = 30;                     // seconds to send a request, to receive its answer, or without one
  int max_connections = 10'000;            // further clients wait
};

// What the server calls, from its thread.
class HttpHandler {
 public:
  // Gives the one answer, from any thread.
  using Respond = std::function<void(HttpResponse)>;

  HttpHandler() = default;
  virtual ~HttpHandler() = default;
  HttpHandler(const HttpHandler&) = delete;
  HttpHandler& operator=(const HttpHandler&) = delete;

  // When the headers are there: an answer refuses the request, whose body is not read. `request` has no body.
  virtual std::optional<HttpResponse> refuse(const HttpRequest& request) = 0;
  // Must not throw, and must not wait: `respond` can be called later, and is called for every request before
  // the server is destroyed.
  virtual void handle(HttpRequest request, Respond respond) = 0;
};

class HttpServer {
 public:
  // Listens at once. `port` 0: any free one. `handler` must outlive the server. Throws Error if the address
  // cannot be used, UsageError if this build has no server.
  HttpServer(const std::string& host, int port, const HttpLimits& limits, HttpHandler& handler);
  // Requests that are being answered must have their answers.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  std::string address() const;  // "http://127.0.0.1:8080"
  std::size_t connections() const;
  // New connections are refused; those that are open are served.
  void stop_accepting();
  // Whether requests that have arrived are still being answered.
  bool is_busy() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace graft
