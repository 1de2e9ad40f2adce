// `graft serve` as a program: its first line, its signals and its errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "graft/http/server.h"
#include "tests/support/http_client.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A server in a process of its own, and the lines that it prints.
class ServerProcess {
 public:
  explicit ServerProcess(const std::string& arguments)
      : lines_(
            ::popen(("echo $$; exec " GRAFT_PROGRAM " serve --port 0 " + arguments + " 2>&1").c_str(), "r")) {
    pid_ = std::stoi(line());
  }
  ~ServerProcess() {
    if (lines_ != nullptr) end(SIGKILL);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::string line() {
    std::array<char, 4096> text{};
    return std::fgets(text.data(), text.size(), lines_) == nullptr ? "" : text.data();
  }
  void send(int number) const { ::kill(pid_, number); }
  // The exit code after the signal; 128 + N if signal N ended it.
  int end(int number) {
    send(number);
    const int status = ::pclose(std::exchange(lines_, nullptr));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  std::FILE* lines_;
  pid_t pid_ = 0;
};

class ServeProgram : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    write_data_set(*folder_);
    EXPECT_EQ(train_small({folder_->path().string(), "--epochs", "1", "--out", run()}).exit_code, 0);
  }
  static void TearDownTestSuite() { delete folder_; }
  void SetUp() override {
    if (!can_serve_http()) GTEST_SKIP() << "built without libmicrohttpd";
  }
  static std::string run() { return (folder_->path() / "pets").string(); }

  static TemporaryFolder* folder_;
};
TemporaryFolder* ServeProgram::folder_ = nullptr;

TEST_F(ServeProgram, AnswersReloadsAndEndsBySignals) {
  ServerProcess server(run());
  const std::string first = server.line();
  ASSERT_THAT(first, StartsWith("serving  http://127.0.0.1:"));
  const int port = std::stoi(first.substr(first.rfind(':') + 1));
  const std::string picture = generated_picture(1, 5);
  const json answer = json::parse(body_of_response(http(port, "POST", "/v1/predict", picture)));
  EXPECT_EQ(answer.at("model"), "pets");
  const auto file = folder_->write("new.ppm", picture);
  const json expected = json::parse(run_graft({"predict", run(), file.string(), "--jsonl"}).out);
  EXPECT_EQ(answer.at("predictions").at(0).at("labels"), expected.at("labels"));
  EXPECT_NEAR(answer["predictions"][0].at("top").at(0).at("probability").get<double>(),
              expected.at("top").at(0).at("probability").get<double>(), 1e-5);
  server.send(SIGHUP);
  EXPECT_EQ(server.line(), "reloaded\n");
  EXPECT_EQ(status_of(http(port, "POST", "/v1/predict", picture)), 200);
  HttpClient idle(port);  // does not delay the end
  EXPECT_EQ(server.end(SIGTERM), 0);
}

TEST_F(ServeProgram, ErrorsAreThoseOfOtherVerbs) {
  ServerProcess server(run());
  const std::string first = server.line();
  const std::string port = first.substr(first.rfind(':') + 1, first.size() - first.rfind(':') - 2);
  const auto busy = run_graft({"serve", run(), "--port", port});
  EXPECT_EQ(busy.exit_code, 1);
  EXPECT_THAT(busy.err, HasSubstr("127.0.0.1:" + port +
                                  ": cannot be listened on: Address already in use; choose "
                                  "another --port, or 0 for any"));
  const auto missing = run_graft({"serve", run(), "other=" + run() + "/none"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("none"));
  EXPECT_EQ(run_graft({"serve"}).exit_code, 2);
  EXPECT_EQ(run_graft({"serve", run(), "--port", "70000"}).exit_code, 2);
  EXPECT_EQ(run_graft({"serve", run(), "--max-batch", "0"}).exit_code, 2);
  const auto twice = run_graft({"serve", run(), run()});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err,
              HasSubstr("has the name of another model, \"pets\"; give it another: NAME=" + run()));
  const auto tokens = run_graft({"serve", run(), "--token-file", run()});
  EXPECT_EQ(tokens.exit_code, 1);
}

}  // namespace
}  // namespace graft::test
