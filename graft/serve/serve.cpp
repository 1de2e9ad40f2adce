#include "graft/serve/serve.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "graft/http/server.h"
#include "graft/serve/service.h"

namespace graft {
namespace {

HttpLimits limits_of(const ServeOptions& options) {
  HttpLimits limits;
  limits.max_body = static_cast<std::uint64_t>(options.max_body_mb) << 20U;
  limits.max_bodies = std::max(limits.max_bodies, 4 * limits.max_body);
  limits.timeout = options.timeout;
  limits.max_connections = options.max_connections;
  return limits;
}

}  // namespace

struct Server::Parts {
  Service service;
  HttpServer http;
  double drain_seconds;
  bool drained = false;

  Parts(const ServeRequest& request, const Observer& observer)
      : service(request, observer),
        http(request.options.host, request.options.port, limits_of(request.options), service),
        drain_seconds(request.options.drain_seconds) {
    service.connections = [this] { return http.connections(); };
  }

  bool wait(double seconds) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (http.is_busy() && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return !http.is_busy();
  }
};

Server::Server(const ServeRequest& request, const Observer& observer)
    : parts_(std::make_unique<Parts>(request, observer)) {}

Server::~Server() {
  drain();
  while (parts_->service.is_open()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  constexpr double seconds_to_send = 5;  // of answers that were given up
  parts_->wait(seconds_to_send);
}

std::string Server::address() const { return parts_->http.address(); }
void Server::reload() { parts_->service.reload(); }

bool Server::drain() {
  if (std::exchange(parts_->drained, true)) return !parts_->http.is_busy();
  parts_->service.refuse_further();
  parts_->http.stop_accepting();
  if (parts_->wait(parts_->drain_seconds)) return true;
  parts_->service.give_up();
  return false;
}

}  // namespace graft
