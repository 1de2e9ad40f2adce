#include "graft/http/server.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "graft/core/error.h"

namespace graft {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t dropped_factor = 8;  // of max_body: of a refused body, what is read

MHD_Result add_to_map(void* map, MHD_ValueKind, const char* key, const char* value) {
  static_cast<std::map<std::string, std::string>*>(map)->insert_or_assign(key, value == nullptr ? "" : value);
  return MHD_YES;
}

std::string header_of_connection(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? "" : value;
}

// The stated length of the body; 0 for none.
std::uint64_t stated_length(MHD_Connection* connection) {
  const std::string text = header_of_connection(connection, "Content-Length");
  return text.empty() ? 0 : std::strtoull(text.c_str(), nullptr, 10);
}

MHD_Result count_lengths(void* count, MHD_ValueKind, const char* key, const char*) {
  const bool is_length =
      ::strcasecmp(key, "Content-Length") == 0 || ::strcasecmp(key, "Transfer-Encoding") == 0;
  *static_cast<int*>(count) += is_length ? 1 : 0;
  return MHD_YES;
}

// Servers and proxies can disagree on where such a request ends (RFC 9112, 6.1 and 6.3).
bool has_unclear_length(MHD_Connection* connection) {
  int count = 0;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, count_lengths, &count);
  return count > 1;
}

// A listening socket for an IPv4 or IPv6 address or a host's name.
int listen_on(const std::string& host, int port) {
  const std::string where = host + ":" + std::to_string(port);
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found))
    throw Error(where, std::string("is not an address to listen on: ") + ::gai_strerror(failure),
                "name an address of this machine (`host`)");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int problem = 0;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const int socket = ::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (socket >= 0) ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (socket >= 0 && ::bind(socket, each->ai_addr, each->ai_addrlen) == 0 &&
        ::listen(socket, SOMAXCONN) == 0)
      return socket;
    problem = errno;
    if (socket >= 0) ::close(socket);
  }
  throw Error(
      where, std::string("cannot be listened on: ") + std::strerror(problem),
      problem == EADDRINUSE ? "choose another `port`, or 0 for any" : "choose another `host` or `port`");
}

// Whether the client has closed its end of the connection.
bool has_closed(int socket) {
  pollfd entry{socket, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) == 1;
}

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

// As many connections as the limit of open files permits, which is raised as far as possible.
int allowed_connections(int wanted) {
  constexpr rlim_t other_files = 256;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::min(wanted, 512);
  const rlim_t needed = static_cast<rlim_t>(wanted) + other_files;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = std::min(limit.rlim_max, needed);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur >= needed
             ? wanted
             : static_cast<int>(std::max<rlim_t>(limit.rlim_cur, other_files + 16) - other_files);
}

}  // namespace

struct HttpServer::Parts {
  // What a connection does: it is between two requests or sends one, waits for its answer, or receives it.
  enum class Phase { request, answer, response };

  // An open connection. The client has `timeout` to send a request and to receive its answer.
  struct Client {
    int socket = -1;
    Clock::time_point since = Clock::now();
    Phase phase = Phase::request;
    bool was_gone = false;  // at the reaper's last look
  };

  // A request and its answer.
  struct Exchange {
    HttpRequest request;
    std::optional<HttpResponse> response;
    std::uint64_t held = 0;     // bytes of the body in the server's sum
    bool handled = false;       // the answer is there, or will be
    bool arrived = false;       // the whole request is there
    std::uint64_t dropped = 0;  // bytes of a refused body
  };

  HttpLimits limits;
  HttpHandler& handler;
  std::string host;
  int port = 0;
  MHD_Daemon* daemon = nullptr;
  std::atomic<std::uint64_t> held{0};   // bytes of bodies
  std::atomic<std::int64_t> active{0};  // exchanges whose request has arrived
  mutable std::mutex mutex;             // of clients
  std::set<Client*> clients;
  std::condition_variable_any tick;
  std::jthread reaper;

  Parts(std::string name, const HttpLimits& given, HttpHandler& with)
      : limits(given), handler(with), host(std::move(name)) {}

  // Libmicrohttpd's own timeout begins again with each byte: a client that sends one byte a second would
  // stay. It also misses the end of a client that closes right after its last bytes: that one is cut at the
  // second look, when these bytes have been read.
  void cut_clients(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      tick.wait_for(lock, stop, std::chrono::milliseconds(500), [] { return false; });
      const auto now = Clock::now();
      for (Client* client : clients) {
        const double seconds = std::chrono::duration<double>(now - client->since).count();
        const bool is_slow = client->phase != Phase::answer && seconds > limits.timeout;
        const bool is_gone = client->phase == Phase::request && has_closed(client->socket);
        if (is_slow || (is_gone && client->was_gone)) ::shutdown(client->socket, SHUT_RDWR);
        client->was_gone = is_gone;
      }
    }
  }

  Client* client_of(MHD_Connection* connection) const {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == nullptr ? nullptr : static_cast<Client*>(info->socket_context);
  }

  void begin_phase(MHD_Connection* connection, Phase phase) {
    const std::scoped_lock lock(mutex);
    if (Client* client = client_of(connection)) {
      client->phase = phase;
      client->since = Clock::now();
      client->was_gone = false;
    }
  }

  MHD_Result send(MHD_Connection* connection, const HttpResponse& response) {
    MHD_Response* made = MHD_create_response_from_buffer(
        response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(made, "Content-Type", response.type.c_str());
    MHD_add_response_header(made, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers)
      MHD_add_response_header(made, name.c_str(), value.c_str());
    const MHD_Result queued = MHD_queue_response(connection, static_cast<unsigned>(response.status), made);
    MHD_destroy_response(made);
    begin_phase(connection, Phase::response);
    return queued;
  }

  // Reserves memory for a body; whether there is room.
  bool hold(Exchange& exchange, std::uint64_t bytes) {
    if (held.fetch_add(bytes) + bytes > limits.max_bodies) {
      held.fetch_sub(bytes);
      return false;
    }
    exchange.held += bytes;
    return true;
  }

  // The answer is sent after the rest of the body, which is read and dropped: a client that is still sending
  // would see a broken connection in its place. At once if the client waits for leave to send, or sends much.
  MHD_Result refuse(MHD_Connection* connection, Exchange& exchange, HttpResponse response,
                    std::uint64_t length) {
    const bool waits = !header_of_connection(connection, "Expect").empty();
    if (waits || length > dropped_factor * limits.max_body) return send(connection, response);
    exchange.response = std::move(response);
    exchange.handled = true;
    return MHD_YES;
  }

  MHD_Result begin(MHD_Connection* connection, const char* url, const char* method, void** place) {
    auto* exchange = new Exchange;
    *place = exchange;
    begin_phase(connection, Phase::request);  // the time before it was that of an idle connection
    HttpRequest& request = exchange->request;
    request.method = method;
    request.path = url;
    request.content_type = header_of_connection(connection, "Content-Type");
    request.authorization = header_of_connection(connection, "Authorization");
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_to_map, &request.query);
    if (has_unclear_length(connection)) {
      HttpResponse response =
          problem_response(400, "the length of the body is stated in several ways; send one");
      response.headers["Connection"] = "close";
      return send(connection, response);
    }
    const std::uint64_t length = stated_length(connection);
    if (auto refusal = handler.refuse(request))
      return refuse(connection, *exchange, std::move(*refusal), length);
    if (length > limits.max_body) return refuse(connection, *exchange, too_large(), length);
    if (!hold(*exchange, length))
      return refuse(connection, *exchange, unavailable_response("too many bodies are being read; try again"),
                    length);
    request.body.reserve(length);
    return MHD_YES;
  }

  HttpResponse too_large() const {
    return problem_response(413, "the body has more than " + std::to_string(limits.max_body) +
                                     " bytes; send fewer or smaller pictures");
  }

  MHD_Result read(Exchange& exchange, const char* data, std::size_t size) {
    std::string& body = exchange.request.body;
    if (exchange.handled) {  // refused
      exchange.dropped += size;
      return exchange.dropped > dropped_factor * limits.max_body ? MHD_NO : MHD_YES;
    }
    const std::uint64_t needed = body.size() + size;
    if (needed <= limits.max_body && (needed <= exchange.held || hold(exchange, needed - exchange.held))) {
      body.append(data, size);
      return MHD_YES;
    }
    body = {};  // of unstated length, and too long
    exchange.response = too_large();
    exchange.handled = true;
    return MHD_YES;
  }

  MHD_Result answer(MHD_Connection* connection, Exchange& exchange) {
    if (!std::exchange(exchange.arrived, true)) ++active;
    if (exchange.handled)
      return send(connection, exchange.response.value_or(problem_response(500, "no answer")));
    exchange.handled = true;
    begin_phase(connection, Phase::answer);
    MHD_suspend_connection(connection);
    handler.handle(std::move(exchange.request), [&exchange, connection](HttpResponse response) {
      exchange.response = std::move(response);
      MHD_resume_connection(connection);
    });
    return MHD_YES;
  }

  static MHD_Result on_access(void* self, MHD_Connection* connection, const char* url, const char* method,
                              const char*, const char* data, std::size_t* size, void** place) {
    auto& parts = *static_cast<Parts*>(self);
    if (*place == nullptr) return parts.begin(connection, url, method, place);
    auto& exchange = *static_cast<Exchange*>(*place);
    if (*size == 0) return parts.answer(connection, exchange);
    return parts.read(exchange, data, std::exchange(*size, 0));
  }

  static void on_completed(void* self, MHD_Connection* connection, void** place, MHD_RequestTerminationCode) {
    auto& parts = *static_cast<Parts*>(self);
    auto* exchange = static_cast<Exchange*>(std::exchange(*place, nullptr));
    if (exchange == nullptr) return;
    parts.held -= exchange->held;
    if (exchange->arrived) --parts.active;
    delete exchange;
    parts.begin_phase(connection, Phase::request);
  }

  static void on_connection(void* self, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode code) {
    auto& parts = *static_cast<Parts*>(self);
    const std::scoped_lock lock(parts.mutex);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
      auto* client = new Client;
      client->socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
      *context = client;
      parts.clients.insert(client);
    } else {
      auto* client = static_cast<Client*>(std::exchange(*context, nullptr));
      parts.clients.erase(client);
      delete client;
    }
  }
};

bool can_serve_http() { return true; }

HttpServer::HttpServer(const std::string& host, int port, const HttpLimits& limits, HttpHandler& handler)
    : parts_(std::make_unique<Parts>(host, limits, handler)) {
  const int socket = listen_on(host, port);
  parts_->port = port_of(socket);
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
  parts_->daemon = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &Parts::on_access, parts_.get(), MHD_OPTION_LISTEN_SOCKET, socket,
      MHD_OPTION_NOTIFY_COMPLETED, &Parts::on_completed, parts_.get(), MHD_OPTION_NOTIFY_CONNECTION,
      &Parts::on_connection, parts_.get(), MHD_OPTION_CONNECTION_LIMIT,
      static_cast<unsigned>(allowed_connections(limits.max_connections)), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      std::size_t{32} << 10U, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
  if (parts_->daemon == nullptr) {
    ::close(socket);
    throw Error(host + ":" + std::to_string(port), "the server cannot be started");
  }
  parts_->reaper =
      std::jthread([parts = parts_.get()](const std::stop_token& stop) { parts->cut_clients(stop); });
}

HttpServer::~HttpServer() {
  MHD_stop_daemon(parts_->daemon);
  parts_->reaper.request_stop();
}

int HttpServer::port() const { return parts_->port; }

std::string HttpServer::address() const {
  const bool is_ipv6 = parts_->host.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + parts_->host + "]" : parts_->host) + ":" + std::to_string(parts_->port);
}

std::size_t HttpServer::connections() const {
  const std::scoped_lock lock(parts_->mutex);
  return parts_->clients.size();
}

void HttpServer::stop_accepting() {
  const int socket = MHD_quiesce_daemon(parts_->daemon);
  if (socket >= 0) ::close(socket);
}

bool HttpServer::is_busy() const { return parts_->active > 0; }

}  // namespace graft
