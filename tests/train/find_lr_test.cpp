#include "graft/train/find_lr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/models/load.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class FindLr : public test::TinyTraining {
 protected:
  std::vector<LrPoint> find(const FindLrOptions& options) {
    Model model = test::tiny_model(data_.train.classes, 3);
    return find_lr(model, data_.train, recipe_, torch::kCPU, options);
  }
};

TEST_F(FindLr, TheRateGrowsByTheSameFactor) {
  const auto points = find({.from = 1e-6, .to = 1e-2, .steps = 40});
  ASSERT_EQ(points.size(), 40U);
  EXPECT_DOUBLE_EQ(points.front().lr, 1e-6);
  for (std::size_t i = 1; i < points.size(); ++i)
    EXPECT_NEAR(points[i].lr / points[i - 1].lr, std::pow(10, 0.1), 1e-9);
  EXPECT_EQ(points.front().loss, points.front().smoothed);
}

TEST_F(FindLr, EndsWhereTheLossExplodes) {
  const auto points = find({.from = 1e-3, .to = 1e6, .steps = 200});
  EXPECT_LT(points.size(), 200U);
  double smallest = INFINITY;
  for (const LrPoint& point : points) smallest = std::min(smallest, point.smoothed);
  EXPECT_TRUE(!std::isfinite(points.back().smoothed) || points.back().smoothed > 4 * smallest);
}

// The same seed gives the same search, and the loss decreases.
TEST_F(FindLr, RepeatsItself) {
  recipe_.seed = 5;
  recipe_.precision = Precision::fp32;  // with which a small network learns in few steps
  const auto a = find({.from = 1e-4, .to = 1, .steps = 60}), b = find({.from = 1e-4, .to = 1, .steps = 60});
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].loss, b[i].loss);
  EXPECT_LT(a.back().smoothed, a.front().smoothed);
}

TEST_F(FindLr, ANetworkWithoutFiniteOutputsIsAnError) {
  Model model = test::tiny_model(data_.train.classes, 3);
  model.network->head()->weight.detach().fill_(3e38F);
  EXPECT_THAT(
      [&] { find_lr(model, data_.train, recipe_, torch::kCPU, {}); },
      ThrowsMessage<Error>(HasSubstr("fc: gives values that are not finite numbers before the first step")));
  Model other = test::tiny_model(data_.train.classes, 3);
  for (auto& [name, tensor] : named_tensors(*other.network)) {
    if (name == "norm.running_var") tensor.fill_(-1);
  }
  EXPECT_THAT([&] { find_lr(other, data_.train, recipe_, torch::kCPU, {}); },
              ThrowsMessage<Error>(HasSubstr("norm.running_var")));
}

// The first loss is that of the head with which training starts.
TEST_F(FindLr, StartsAtTheProbeIfTrainingDoes) {
  const double fresh = find({.from = 1e-7, .to = 1e-6, .steps = 16}).front().loss;
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = "off";
  EXPECT_LT(find({.from = 1e-7, .to = 1e-6, .steps = 16}).front().loss, 0.5 * fresh);
}

TEST_F(FindLr, BadRangesAreUsageErrors) {
  EXPECT_THAT([&] { find({.from = 1, .to = 0.1}); }, ThrowsMessage<UsageError>(HasSubstr("`from`")));
  EXPECT_THROW(find({.steps = 3}), UsageError);
}

TEST_F(FindLr, AClassWithoutReadablePicturesIsAnErrorThatNamesIt) {
  recipe_.loader.skip_bad = true;
  for (const Sample& sample : data_.train.samples) {
    if (sample.label == 0) std::ofstream(sample.path, std::ios::trunc) << "no picture";
  }
  EXPECT_THAT([&] { find({.from = 1e-6, .to = 1e-2, .steps = 40}); },
              ThrowsMessage<Error>(HasSubstr("no training picture of \"" + data_.train.classes[0] + "\"")));
}

TEST_F(FindLr, DamagedFeaturesAreAWarningAndAreComputedAgain) {
  const test::TemporaryFolder cache;
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = cache.path().string();
  const auto loss = [&](std::vector<std::string>* warnings) {
    Model model = test::tiny_model(data_.train.classes, 3);
    return find_lr(model, data_.train, recipe_, torch::kCPU, {.from = 1e-7, .to = 1e-6, .steps = 16}, {},
                   [&](const std::string& text) { warnings->push_back(text); })
        .front()
        .loss;
  };
  std::vector<std::string> none, one;
  const double whole = loss(&none);
  const auto file = *std::filesystem::directory_iterator(cache.path());
  std::string bytes = read_text(file.path());
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
  replace_file(file.path(), bytes);
  EXPECT_EQ(loss(&one), whole);
  EXPECT_TRUE(none.empty());
  ASSERT_EQ(one.size(), 1U);
  EXPECT_THAT(one.front(), HasSubstr("are damaged and are computed again"));
}

}  // namespace
}  // namespace graft
