#include "graft/core/error.h"
#include "graft/http/server.h"

namespace graft {

struct HttpServer::Parts {};

bool can_serve_http() { return false; }

HttpServer::HttpServer(const std::string&, int, const HttpLimits&, HttpHandler&) {
  throw UsageError("`serve`", "this graft was built without libmicrohttpd",
                   "install libmicrohttpd-dev and prometheus-cpp-dev, and build graft again");
}

HttpServer::~HttpServer() = default;
int HttpServer::port() const { return 0; }
std::string HttpServer::address() const { return ""; }
std::size_t HttpServer::connections() const { return 0; }
void HttpServer::stop_accepting() {}
bool HttpServer::is_busy() const { return false; }

}  // namespace graft
