// A small HTTP/1.1 server on 127.0.0.1 for tests, which can misbehave on demand.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace graft::test {

// The response for one path.
struct Answer {
  std::string body = {};
  int status = 200;
  std::string content_type = "application/octet-stream";
  std::string location = {};                        // for a redirect (status 301, 302, …)
  std::map<std::string, std::string> headers = {};  // further ones
  bool ranges = true;                               // honours "Range: bytes=N-"
  std::int64_t claim = -1;                          // the Content-Length to send; -1: the true one
  std::int64_t cut_at = -1;  // closes the connection after this many bytes of the body …
  int cuts = 1;              // … this many times, then responds completely
  bool stall = false;      // instead of closing at cut_at, waits without sending until the client disconnects
  int trickle_ms = 0;      // sends single bytes with this interval
  std::int64_t shift = 0;  // a ranged response begins, and declares that it begins, this many bytes late
};

// Responds from construction to destruction, to any number of clients at once. Use:
//
//   HttpServer server;
//   server.serve("/weights.pth", {.body = "…"});
//   fetch({server.url("/weights.pth"), "weights.pth", ""}, folder);
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void serve(const std::string& path, Answer answer);
  std::string url(const std::string& path) const;

  // Every request so far: "GET /weights.pth", followed by " bytes=100-" if a range was requested, and by
  // " Bearer TOKEN" if there was a token.
  std::vector<std::string> requests() const;

 private:
  void accept_all();
  void answer(int connection);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // guards the three members below
  std::map<std::string, Answer> answers_;
  std::vector<std::string> requests_;
  std::vector<std::thread> clients_;
  std::thread acceptor_;
};

}  // namespace graft::test
