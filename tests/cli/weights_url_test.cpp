// Weights from a URL, checked and cached in the folder of torch.hub.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "tests/support/http_server.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class WeightsUrl : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<TemporaryFolder>();
    write_data_set(*made_);
    const std::string run = (made_->path() / "run").string(), file = (made_->path() / "w.pth").string();
    const auto trained =
        run_graft({"train", "--input-size", "64", data(), "--preset", "finetune", "--model",
                   "mobilenetv3_small_050", "--weights", "none", "--epochs", "1", "--out", run});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    ASSERT_EQ(run_graft({"export", run, "--format", "pth", "--out", file}).exit_code, 0);
    const auto bytes = disk().read(file, 1ULL << 30);
    weights_.assign(bytes.begin(), bytes.end());
    name_ = "w-" + sha256_hex(bytes).substr(0, 8) + ".pth";
  }
  static void TearDownTestSuite() { made_.reset(); }

  static std::string data() { return made_->path().string(); }
  fs::path cached() const { return home_.path() / "hub/checkpoints" / name_; }
  ProgramResult train(const std::string& weights) const {
    return run_graft(
        {"train", "--input-size", "64", data(), "--preset", "finetune", "--model", "mobilenetv3_small_050",
         "--weights", weights, "--epochs", "1", "--overwrite", "--out", (home_.path() / "run").string()},
        {"TORCH_HOME=" + home_.path().string()});
  }

  static std::unique_ptr<TemporaryFolder> made_;
  static std::string weights_, name_;
  TemporaryFolder home_;
  HttpServer server_;
};
std::unique_ptr<TemporaryFolder> WeightsUrl::made_;
std::string WeightsUrl::weights_, WeightsUrl::name_;

TEST_F(WeightsUrl, AreFetchedOnceAndKeptInTheHubCache) {
  server_.serve("/" + name_, {.body = weights_});
  for (int time = 0; time < 2; ++time) {
    const auto trained = train(server_.url("/" + name_));
    EXPECT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_THAT(trained.out, HasSubstr(name_));
  }
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(disk().info(cached())->size, weights_.size());
}

TEST_F(WeightsUrl, AWrongHashIsRefusedAndNotCached) {
  std::string other = weights_;
  other.back() ^= 1;
  server_.serve("/" + name_, {.body = other});
  const auto trained = train(server_.url("/" + name_));
  EXPECT_EQ(trained.exit_code, 1);
  EXPECT_THAT(trained.err, AllOf(HasSubstr(name_), HasSubstr("SHA-256")));
  EXPECT_FALSE(fs::exists(cached()));
}

TEST_F(WeightsUrl, TwoProgramsAtOnceDownloadOnce) {
  server_.serve("/" + name_, {.body = weights_});
  ProgramResult results[2];
  const auto run = [&](int i) {
    results[i] = run_graft({"train", "--input-size", "64", data(), "--preset", "finetune", "--model",
                            "mobilenetv3_small_050", "--weights", server_.url("/" + name_), "--epochs", "1",
                            "--out", (home_.path() / ("run" + std::to_string(i))).string()},
                           {"TORCH_HOME=" + home_.path().string()});
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  for (const ProgramResult& result : results) EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_EQ(disk().info(cached())->size, weights_.size());
}

TEST_F(WeightsUrl, AnUnreachableProxyIsReported) {
  server_.serve("/" + name_, {.body = weights_});
  const auto trained =
      run_graft({"train", "--input-size", "64", data(), "--preset", "finetune", "--weights",
                 server_.url("/" + name_), "--overwrite", "--out", (home_.path() / "run").string()},
                {"TORCH_HOME=" + home_.path().string(), "http_proxy=http://127.0.0.1:9", "no_proxy="});
  EXPECT_EQ(trained.exit_code, 1);
  EXPECT_THAT(trained.err, AllOf(HasSubstr(server_.url("/" + name_)), HasSubstr(cached().string())));
  EXPECT_TRUE(server_.requests().empty());
  EXPECT_FALSE(fs::exists(cached()));
}

// Whatever a connection does, the cache never contains a partial file.
TEST_F(WeightsUrl, AWebPageOrATruncatedFileIsNeverCached) {
  server_.serve("/" + name_, {.body = "<html>log in first</html>", .content_type = "text/html"});
  EXPECT_EQ(train(server_.url("/" + name_)).exit_code, 1);
  EXPECT_FALSE(fs::exists(cached()));
  server_.serve("/" + name_, {.body = weights_, .cut_at = 1000, .cuts = 1000});
  EXPECT_EQ(train(server_.url("/" + name_)).exit_code, 1);
  EXPECT_FALSE(fs::exists(cached()));
  server_.serve("/" + name_, {.body = weights_});
  EXPECT_EQ(train(server_.url("/" + name_)).exit_code, 0);
  EXPECT_EQ(disk().info(cached())->size, weights_.size());
}

TEST_F(WeightsUrl, TheOfflineMessageNamesTheAddressAndThePlace) {
  const std::string url = "http://127.0.0.1:9/" + name_;  // no server listens there
  const auto trained = train(url);
  EXPECT_EQ(trained.exit_code, 1);
  EXPECT_THAT(trained.err, AllOf(HasSubstr(url), HasSubstr(cached().string())));
}

// The size of torchvision's file, which determines whether weights are in the cache.
constexpr std::uintmax_t resnet34_bytes = 87'319'819;

TEST_F(WeightsUrl, FetchOfflineNamesTheCachedModels) {
  const TemporaryFolder home;
  std::filesystem::resize_file(home.write("hub/checkpoints/resnet34-b627a593.pth", "x"), resnet34_bytes);
  const auto fetched =
      run_graft({"fetch", "resnet18"}, {"TORCH_HOME=" + home.path().string(),
                                        "https_proxy=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9"});
  EXPECT_EQ(fetched.exit_code, 1);
  EXPECT_THAT(fetched.err, HasSubstr("or use model resnet34, whose weights are in the hub cache"));
}

// compare has neither --model nor --weights.
TEST_F(WeightsUrl, CompareOfflineNamesItsOwnOption) {
  const TemporaryFolder home;
  const auto compared = [&] {
    return run_graft({"compare", "--input-size", "64", made_->path().string(), "--models", "resnet18"},
                     {"TORCH_HOME=" + home.path().string(), "https_proxy=http://127.0.0.1:9",
                      "HTTPS_PROXY=http://127.0.0.1:9"});
  };
  EXPECT_THAT(compared().err, HasSubstr("or give weights of your own (--models NAME=WEIGHTS)"));
  std::filesystem::resize_file(home.write("hub/checkpoints/resnet34-b627a593.pth", "x"), resnet34_bytes);
  EXPECT_THAT(compared().err, HasSubstr("or use --models resnet34, whose weights are in the hub cache"));
}

TEST_F(WeightsUrl, AFailedDownloadLeavesNoFolder) {
  const auto fetched = run_graft({"fetch", "hymenoptera", "--to", (home_.path() / "a/data").string()},
                                 {"https_proxy=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9"});
  EXPECT_EQ(fetched.exit_code, 1);
  EXPECT_FALSE(disk().info(home_.path() / "a"));
  EXPECT_TRUE(disk().info(home_.path()));
}

}  // namespace
}  // namespace graft::test
