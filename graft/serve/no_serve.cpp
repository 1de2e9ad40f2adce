// Without libmicrohttpd and prometheus-cpp.
#include "graft/core/error.h"
#include "graft/serve/serve.h"

namespace graft {

struct Server::Parts {};

Server::Server(const ServeRequest&, const Observer&) {
  throw Error("the server", "is not in this build: it was made without libmicrohttpd and prometheus-cpp",
              "install libmicrohttpd-dev and prometheus-cpp-dev, and build graft again");
}

Server::~Server() = default;
std::string Server::address() const { return ""; }
void Server::reload() {}
bool Server::drain() { return true; }

}  // namespace graft
