#include "tests/support/http_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <chrono>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace graft::test {
namespace {

std::string read_request(int connection) {
  std::string text;
  char buffer[4096];
  while (text.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

void send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the client closed the connection
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string word(const std::string& text, std::size_t begin) {
  return text.substr(begin, text.find_first_of(" \r\n", begin) - begin);
}

// What follows "NAME: " in the request's headers, with a blank before it; or empty.
std::string asked(const std::string& request, const std::string& name, const std::string& scheme = "") {
  const std::string before = "\r\n" + name + ": " + scheme;
  const std::size_t at = request.find(before);
  return at == std::string::npos ? "" : " " + scheme + word(request, at + before.size());
}

}  // namespace

HttpServer::HttpServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);  // port 0: any free port
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  const bool listening = listener_ >= 0 && ::bind(listener_, general, size) == 0 &&
                         ::listen(listener_, 16) == 0 && ::getsockname(listener_, general, &size) == 0;
  if (!listening) throw std::runtime_error("cannot listen on 127.0.0.1");
  port_ = ntohs(address.sin_port);
  ::setenv("no_proxy", "127.0.0.1", 1);  // a proxy of the machine could not reach the server
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& client : clients_) client.join();
  ::close(listener_);
}

void HttpServer::serve(const std::string& path, Answer answer) {
  const std::lock_guard lock(mutex_);
  answers_[path] = std::move(answer);
}

std::string HttpServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::accept_all() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;  // checks stopping_ every 20 ms
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    const std::lock_guard lock(mutex_);
    clients_.emplace_back([this, connection] {
      answer(connection);
      ::close(connection);
    });
  }
}

void HttpServer::answer(int connection) {
  const std::string request = read_request(connection);
  const std::string method = word(request, 0);
  if (method != "GET" && method != "HEAD") return;
  const std::string path = word(request, method.size() + 1), asked_range = asked(request, "Range");
  const std::string range = asked_range.empty() ? "" : asked_range.substr(1);
  Answer answer{.body = "nothing here", .status = 404, .content_type = "text/plain"};
  bool cut = false;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(method + " " + path + asked_range + asked(request, "Authorization", "Bearer "));
    if (const auto found = answers_.find(path); found != answers_.end()) {
      answer = found->second;
      cut = answer.cut_at >= 0 && found->second.cuts-- > 0;
    }
  }

  std::string head;
  std::string_view body = answer.body;
  if (answer.ranges && range.starts_with("bytes=") && answer.status == 200) {
    const std::size_t begin = std::stoul(range.substr(6)) + static_cast<std::size_t>(answer.shift);
    const std::string total = std::to_string(body.size());
    if (begin >= body.size()) {
      answer.status = 416;
      head += "Content-Range: bytes */" + total + "\r\n";
      body = "";
    } else {
      answer.status = 206;
      head += "Content-Range: bytes " + std::to_string(begin) + "-" + std::to_string(body.size() - 1) + "/" +
              total + "\r\n";
      body.remove_prefix(begin);
    }
  }
  if (!answer.location.empty()) head += "Location: " + answer.location + "\r\n";
  for (const auto& [name, value] : answer.headers) head += name + ": " + value + "\r\n";
  const auto length = answer.claim >= 0 ? static_cast<std::size_t>(answer.claim) : body.size();
  send_all(connection,
           "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\nContent-Type: " + answer.content_type +
               "\r\nContent-Length: " + std::to_string(length) + "\r\n" + head + "Connection: close\r\n\r\n");
  if (method == "HEAD") return;
  if (answer.trickle_ms > 0) {
    for (std::size_t i = 0; i < body.size() && !stopping_; ++i) {
      send_all(connection, body.substr(i, 1));
      std::this_thread::sleep_for(std::chrono::milliseconds(answer.trickle_ms));
    }
    return;
  }
  if (!cut) return send_all(connection, body);
  send_all(connection, body.substr(0, static_cast<std::size_t>(answer.cut_at)));
  while (answer.stall && !stopping_) {
    pollfd gone{connection, POLLIN, 0};
    if (::poll(&gone, 1, 20) > 0) break;
  }
}

}  // namespace graft::test
