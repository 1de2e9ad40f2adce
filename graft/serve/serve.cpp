#include "graft/serve/serve.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "graft/core/error.h"
#include "graft/http/server.h"
#include "graft/serve/service.h"

namespace graft {
namespace {

void check_model_name(const std::string& name, const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_plain))
    throw UsageError(text,
                     "gives the model a name with other characters than letters, digits, '.', '_' and '-'",
                     "name it: NAME=" + text);
}

HttpLimits limits_of(const ServeOptions& options) {
  HttpLimits limits;
  limits.max_body = static_cast<std::uint64_t>(options.max_body_mb) << 20U;
  limits.max_bodies = std::max(limits.max_bodies, 4 * limits.max_body);
  limits.timeout = options.timeout;
  limits.max_connections = options.max_connections;
  return limits;
}

}  // namespace

NamedModel named_model(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && text.find('/') > equals) {
    check_model_name(text.substr(0, equals), text);
    return {text.substr(0, equals), text.substr(equals + 1)};
  }
  namespace fs = std::filesystem;
  fs::path path = (fs::path(text) / "").lexically_normal().parent_path();
  if (path == "." || path.filename() == "..") path = fs::absolute(path).lexically_normal();
  const bool is_model_of_run = path.filename() == "model.safetensors" && path.has_parent_path();
  const std::string name = is_model_of_run                      ? path.parent_path().filename().string()
                           : path.extension() == ".safetensors" ? path.stem().string()
                                                                : path.filename().string();
  check_model_name(name, text);
  return {name, text};
}

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
