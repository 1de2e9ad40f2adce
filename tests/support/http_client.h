// A client that sends any bytes to a server on 127.0.0.1.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace graft::test {

class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    const timeval limit = {60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool is_connected() const { return connected_; }
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // The server sees the end of what is sent; the client still receives.
  void end_sending() const { ::shutdown(socket_, SHUT_WR); }
  // One response, its headers and its body by Content-Length; shorter if the server closed the connection.
  std::string receive() {
    while (true) {
      if (buffer_.starts_with("HTTP/1.1 100 ") && buffer_.find("\r\n\r\n") != std::string::npos)
        buffer_.erase(0, buffer_.find("\r\n\r\n") + 4);  // an interim response
      const std::size_t head = buffer_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t at = buffer_.find("Content-Length: ");
        const std::size_t length = at < head ? std::stoul(buffer_.substr(at + 16)) : 0;
        if (buffer_.size() >= head + 4 + length) {
          std::string response = buffer_.substr(0, head + 4 + length);
          buffer_.erase(0, response.size());
          return response;
        }
      }
      char bytes[65536];
      const ssize_t count = ::recv(socket_, bytes, sizeof(bytes), 0);
      if (count <= 0) return std::exchange(buffer_, "");
      buffer_.append(bytes, static_cast<std::size_t>(count));
    }
  }
  // Whether the server has closed the connection without sending anything.
  bool is_closed() { return receive().empty(); }

 private:
  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

// The response to a request on a new connection.
inline std::string http(int port, const std::string& method, const std::string& path,
                        std::string_view body = "", const std::string& headers = "") {
  HttpClient client(port);
  client.send(method + " " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n" + headers + "\r\n" + std::string(body));
  return client.receive();
}

inline int status_of(const std::string& response) {
  return response.size() < 12 ? 0 : std::stoi(response.substr(9, 3));
}

inline std::string body_of_response(const std::string& response) {
  const std::size_t head = response.find("\r\n\r\n");
  return head == std::string::npos ? "" : response.substr(head + 4);
}

}  // namespace graft::test
