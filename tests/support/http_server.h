// A small HTTP/1.1 server on 127.0.0.1, to fetch from in tests; it can be told to misbehave.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace graft::test {

// How one path is answered.
struct Answer {
  std::string body = {};
  int status = 200;
  std::string content_type = "application/octet-stream";
  std::string location = {};  // of a redirect (status 301, 302, …)
  bool ranges = true;         // honours "Range: bytes=N-"
  std::int64_t claim = -1;    // Content-Length in place of the true one; -1: the true one
  std::int64_t cut_at = -1;   // closes the connection after so many bytes of the body …
  int cuts = 1;               // … so many times, then answers wholly
  bool stall = false;         // where it would cut, waits without sending until the client goes away
  int trickle_ms = 0;         // sends byte after byte, so long apart
  std::int64_t shift = 0;     // a ranged answer begins so many bytes later than asked, and says so
};

// Answers from construction to destruction, any number of clients at once. Use:
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

  // Every request so far: "GET /weights.pth", and " bytes=100-" after it where a range was asked for.
  std::vector<std::string> requests() const;

 private:
  void accept_all();
  void answer(int connection);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // of the three below
  std::map<std::string, Answer> answers_;
  std::vector<std::string> requests_;
  std::vector<std::thread> clients_;
  std::thread acceptor_;
};

}  // namespace graft::test
