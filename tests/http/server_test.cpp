#include "graft/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "graft/core/error.h"
#include "tests/support/error_of.h"
#include "tests/support/http_client.h"

namespace graft {
namespace {

using test::http;
using test::HttpClient;
using test::status_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Answers a request with its own parts; those for "/later" when answer_later() is called.
class Mirror : public HttpHandler {
 public:
  std::optional<HttpResponse> refuse(const HttpRequest& request) override {
    if (request.path == "/refused") return HttpResponse{403, "text/plain", "refused", {{"X-Why", "test"}}};
    return std::nullopt;
  }
  void handle(HttpRequest request, Respond respond) override {
    ++handled;
    std::string text = request.method + " " + request.path;
    for (const auto& [name, value] : request.query) text += " " + name + "=" + value;
    text += " [" + request.content_type + "] " + request.body;
    if (request.path != "/later") return respond({200, "text/plain", text, {}});
    const std::scoped_lock lock(mutex_);
    later_.push_back(std::move(respond));
  }
  std::size_t waiting() {
    const std::scoped_lock lock(mutex_);
    return later_.size();
  }
  void answer_later() {
    const std::scoped_lock lock(mutex_);
    for (Respond& respond : later_) respond({200, "text/plain", "later", {}});
    later_.clear();
  }

  std::atomic<int> handled{0};

 private:
  std::mutex mutex_;
  std::vector<Respond> later_;
};

class HttpServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!can_serve_http()) GTEST_SKIP() << "built without libmicrohttpd";
    limits_.max_body = 1000;
    limits_.max_bodies = 10'000;
    start();
  }
  void TearDown() override { mirror_.answer_later(); }
  void start() {
    server_.reset();
    server_ = std::make_unique<HttpServer>("127.0.0.1", 0, limits_, mirror_);
  }
  int port() const { return server_->port(); }
  // The response to these bytes; empty if the server closes the connection.
  std::string raw(std::string_view bytes) const {
    HttpClient client(port());
    client.send(bytes);
    return client.receive();
  }
  template <class Condition>
  static bool becomes(Condition condition) {
    for (int i = 0; i < 600 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return condition();
  }

  HttpLimits limits_;
  Mirror mirror_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, ARequestArrivesWithItsParts) {
  const std::string response = http(port(), "POST", "/v1/a%20b?x=1%26&y", "body",
                                    "Content-Type: image/png\r\nExpect: 100-continue\r\n");
  EXPECT_THAT(response, HasSubstr("POST /v1/a b x=1& y= [image/png] body"));
  EXPECT_EQ(status_of(http(port(), "GET", "/refused")), 403);
  EXPECT_THAT(http(port(), "GET", "/refused"), HasSubstr("X-Why: test"));
  HttpClient client(port());  // one connection for several requests, sent together
  client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.receive(), HasSubstr("GET /1"));
  EXPECT_THAT(client.receive(), HasSubstr("GET /2"));
}

TEST_F(HttpServerTest, AnAnswerCanComeLaterAndElsewhere) {
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(std::make_unique<HttpClient>(port()));
    clients.back()->send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  EXPECT_TRUE(becomes([&] { return mirror_.waiting() == 5; }));
  EXPECT_TRUE(server_->is_busy());
  EXPECT_EQ(server_->connections(), 5U);
  clients.pop_back();  // a client that does not wait
  EXPECT_EQ(status_of(http(port(), "GET", "/now")), 200);
  mirror_.answer_later();
  for (auto& client : clients) EXPECT_THAT(client->receive(), HasSubstr("later"));
  EXPECT_TRUE(becomes([&] { return !server_->is_busy(); }));
}

// The end of the connection comes right after the last bytes.
TEST_F(HttpServerTest, AClientThatLeavesInARequestIsNotHeld) {
  limits_.timeout = 600;
  start();
  for (int i = 0; i < 100; ++i)
    HttpClient(port()).send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" +
                            std::string(static_cast<std::size_t>(i), 'x'));
  EXPECT_TRUE(becomes([&] { return server_->connections() == 0; }));
}

TEST_F(HttpServerTest, AClientThatOnlyEndsItsRequestIsAnswered) {
  HttpClient client(port());
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  client.end_sending();
  EXPECT_TRUE(becomes([&] { return mirror_.waiting() == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));  // two looks for clients that left
  mirror_.answer_later();
  EXPECT_THAT(client.receive(), HasSubstr("later"));
}

TEST_F(HttpServerTest, ARequestThatHasNotArrivedIsNotWaitedFor) {
  HttpClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nhalf");
  EXPECT_TRUE(becomes([&] { return server_->connections() == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_FALSE(server_->is_busy());
}

TEST_F(HttpServerTest, ALongBodyIsRefusedBeforeItIsSent) {
  EXPECT_EQ(status_of(http(port(), "POST", "/", std::string(1000, 'x'))), 200);
  EXPECT_EQ(status_of(http(port(), "POST", "/", std::string(1001, 'x'))), 413);
  EXPECT_EQ(status_of(raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n")),
            413);
  EXPECT_EQ(
      status_of(raw("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")),
      413);
  // of unstated length
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(raw(chunked + "5\r\nabcde\r\n0\r\n\r\n")), 200);
  EXPECT_EQ(status_of(raw(chunked + "3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n")), 413);
  EXPECT_EQ(raw(chunked + "c351\r\n" + std::string(50'001, 'x') + "\r\n0\r\n\r\n"), "") << "too long to drop";
  EXPECT_TRUE(becomes([&] { return !server_->is_busy(); }));
}

// A client that does not read before it has sent everything.
TEST_F(HttpServerTest, ARefusalArrivesAfterTheBody) {
  limits_.max_body = 1 << 20;
  limits_.max_bodies = 4 << 20;
  start();
  EXPECT_EQ(status_of(http(port(), "POST", "/", std::string(7 << 20, 'x'))), 413);
  EXPECT_EQ(status_of(http(port(), "POST", "/refused", std::string(7 << 20, 'x'))), 403);
  HttpClient client(port());  // the connection can be used again
  client.send(
      "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /next HTTP/1.1\r\nHost: "
      "x\r\n\r\n");
  EXPECT_EQ(status_of(client.receive()), 403);
  EXPECT_THAT(client.receive(), HasSubstr("GET /next"));
}

TEST_F(HttpServerTest, AnUnclearLengthIsRefused) {
  for (const char* headers :
       {"Content-Length: 4\r\nContent-Length: 42\r\n", "Content-Length: 4\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"}) {
    HttpClient client(port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\n" + std::string(headers) +
                "\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\n\r\n");
    const int status = status_of(client.receive());
    EXPECT_TRUE(status == 400 || status == 0) << headers;
    EXPECT_EQ(client.receive(), "") << headers;
  }
  EXPECT_EQ(mirror_.handled, 0);
}

TEST_F(HttpServerTest, BodiesTogetherHaveALimit) {
  limits_.max_bodies = 1500;
  start();
  HttpClient first(port());
  first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");
  std::string second;
  EXPECT_TRUE(becomes([&] {
    second = http(port(), "POST", "/", std::string(501, 'x'));
    return status_of(second) == 503;
  }));
  EXPECT_THAT(second, HasSubstr("Retry-After: 1"));
  first.send(std::string(999, 'x'));
  EXPECT_EQ(status_of(first.receive()), 200);
  EXPECT_EQ(status_of(http(port(), "POST", "/", std::string(501, 'x'))), 200);
}

TEST_F(HttpServerTest, ClientsThatAreSlowAreCut) {
  limits_.timeout = 0.7;
  start();
  HttpClient idle(port()), head(port()), body(port());
  head.send("GET / HT");
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
  std::atomic<bool> ends{false};
  std::jthread trickle([&] {  // each byte within the limit
    while (!ends && head.send("x") && body.send("x"))
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  });
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(head.is_closed());
  EXPECT_TRUE(body.is_closed());
  ends = true;
  EXPECT_TRUE(becomes([&] { return server_->connections() == 0; }));
  // neither the time before a request counts, nor the server's own
  HttpClient later(port());
  for (int request = 0; request < 2; ++request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(450));
    later.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1");
    std::this_thread::sleep_for(std::chrono::milliseconds(450));
    later.send("2");
    EXPECT_EQ(status_of(later.receive()), 200);
  }
  HttpClient patient(port());
  patient.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(becomes([&] { return mirror_.waiting() == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  mirror_.answer_later();
  EXPECT_THAT(patient.receive(), HasSubstr("later"));
}

TEST_F(HttpServerTest, MalformedRequestsAreRefusedAndOthersServed) {
  limits_.timeout = 1;  // for those that may still become requests
  start();
  for (const std::string& bytes : std::vector<std::string>{
           "\r\n\r\n\r\n", std::string(100'000, 'A'), "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",  // no host
           "GET / HTTP/1.1\r\nHost: x\r\nNoColon\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\n" + std::string(100'000, 'h') + ": 1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n"}) {
    const int before = mirror_.handled;
    HttpClient client(port());
    client.send(bytes);
    const int status = status_of(client.receive());
    EXPECT_TRUE(status == 0 || status >= 400) << status << ": " << bytes.substr(0, 100);
    EXPECT_EQ(mirror_.handled, before) << bytes.substr(0, 100);
    EXPECT_EQ(status_of(http(port(), "GET", "/")), 200) << bytes.substr(0, 100);
  }
}

TEST_F(HttpServerTest, IdleConnectionsDoNotStopOthers) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  // 10,000 where this process can hold both of their ends
  const std::size_t count = std::min<std::size_t>(10'000, (limit.rlim_cur - 500) / 2);
  limits_.max_connections = 10'500;
  start();
  std::deque<HttpClient> idle;
  for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(idle.emplace_back(port()).is_connected()) << i;
  EXPECT_TRUE(becomes([&] { return server_->connections() == count; }));
  EXPECT_EQ(status_of(http(port(), "GET", "/")), 200);
}

TEST_F(HttpServerTest, MoreConnectionsThanAllowedWait) {
  limits_.max_connections = 5;
  start();
  std::deque<HttpClient> idle;
  for (int i = 0; i < 5; ++i) idle.emplace_back(port());
  EXPECT_TRUE(becomes([&] { return server_->connections() == 5; }));
  HttpClient next(port());
  next.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.pop_front();
  EXPECT_THAT(next.receive(), HasSubstr("GET /next"));
}

TEST_F(HttpServerTest, AfterTheEndOpenConnectionsAreServed) {
  HttpClient open(port());
  open.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(open.receive()), 200);
  server_->stop_accepting();
  EXPECT_FALSE(HttpClient(port()).is_connected());
  open.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(open.receive()), 200);
}

TEST_F(HttpServerTest, AnAddressInUseIsNamed) {
  const auto problem = [&](const std::string& host, int number) {
    return test::error_of([&] { HttpServer(host, number, limits_, mirror_); });
  };
  EXPECT_THAT(problem("127.0.0.1", port()),
              StartsWith("127.0.0.1:" + std::to_string(port()) + ": cannot be listened on"));
  EXPECT_THAT(problem("127.0.0.1", port()), HasSubstr("choose another `port`, or 0 for any"));
  EXPECT_THAT(problem("192.0.2.1", 0), HasSubstr("cannot be listened on"));
  EXPECT_THAT(problem("no such host", 0), HasSubstr("is not an address to listen on"));
}

}  // namespace
}  // namespace graft
