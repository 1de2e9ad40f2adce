// The EfficientNet-Lites' real weights on the tutorial's real pictures; skipped if they are missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "graft/net/hub.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft::test {
namespace {

using nlohmann::json;

class RealPictures : public ::testing::Test {
 protected:
  void SetUp() override {
    if (hymenoptera().empty()) GTEST_SKIP() << no_hymenoptera;
    for (const char* file : {"efficientnet_lite0-57934424.pth", "efficientnet_lite1-77cc7160.pth",
                             "efficientnet_lite2-9656183e.pth"}) {
      if (!std::filesystem::exists(hub_checkpoints() / file))
        GTEST_SKIP() << "run `make setup` for the weights of EfficientNet-Lite0 to 2";
    }
  }
  static std::string data() { return hymenoptera().string(); }
  static json last_line(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out);
  }
};

// ImageNet's ant is class 310, its bee 309. The reference answers 130, 136 and 135 right.
TEST_F(RealPictures, ThePretrainedNetworksPredictAntsAndBees) {
  for (const auto& [model, expected] :
       {std::pair("efficientnet_lite0", 129), {"efficientnet_lite1", 135}, {"efficientnet_lite2", 134}}) {
    const auto predicted = run_graft({"predict", "--model", model, data() + "/val", "--jsonl"});
    ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
    std::istringstream lines(predicted.out);
    int right = 0, count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      const json record = json::parse(line);
      const bool ant = record.at("path").get<std::string>().find("/ants/") != std::string::npos;
      right += record.at("top")[0].at("index") == (ant ? 310 : 309) ? 1 : 0;
    }
    EXPECT_EQ(count, 153);
    EXPECT_GE(right, expected) << model;
  }
}

TEST_F(RealPictures, TheFixedFeatureExtractorReachesTheTargetAccuracy) {
  const TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  const auto result = last_line(run_graft({"train", data(), "--model", "efficientnet_lite0", "--preset",
                                           "feature-extract", "--epochs", "8", "--out", run, "--json"}));
  EXPECT_GE(result.at("best_val_acc").get<double>(), 0.94);
  const auto evaluated = last_line(run_graft({"eval", run, data(), "--json"}));
  EXPECT_EQ(evaluated.at("accuracy"), result.at("best_val_acc"));
  EXPECT_EQ(evaluated.at("count"), 153);
}

}  // namespace
}  // namespace graft::test
