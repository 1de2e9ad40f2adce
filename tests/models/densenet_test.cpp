#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

const ModelSpec& densenet121() { return find_model("densenet121"); }

TEST(DenseNet, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = densenet121().build({10, Init::random});
  for (const auto& [name, tensor] : named_tensors(*network)) {
    if (tensor.dim() == 4) {  // normal with variance 2 / fan_in
      const double std = std::sqrt(2 / static_cast<double>(tensor[0].numel()));
      EXPECT_NEAR(tensor.std().item<double>(), std, 0.05 * std) << name;
    }
  }
  EXPECT_TRUE(network->head()->bias.eq(0).all().item<bool>());
  EXPECT_GT(network->head()->weight.abs().max().item<double>(), 0.9 / std::sqrt(1024.0));
}

// torchvision's files, which lack num_batches_tracked too.
TEST(DenseNet, LoadsTheNamesOfItsFirstVersion) {
  const NetworkPtr source = densenet121().build({5, Init::none}),
                   target = densenet121().build({5, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  std::erase_if(state.tensors,
                [](const NamedTensor& each) { return each.name.ends_with("num_batches_tracked"); });
  for (NamedTensor& each : state.tensors)
    each.name = std::regex_replace(each.name, std::regex("(denselayer[0-9]+\\.(norm|conv))([12])"), "$1.$3");
  EXPECT_NE(state.find("features.denseblock4.denselayer16.norm.2.running_var"), nullptr);
  const LoadReport report = load_state(*target, densenet121(), state, "file.pth");
  EXPECT_TRUE(report.renamed);
  EXPECT_TRUE(report.notes.empty());
  EXPECT_FALSE(report.head_replaced);
  const auto ours = named_tensors(*source), theirs = named_tensors(*target);
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_TRUE(ours[i].second.equal(theirs[i].second)) << ours[i].first;
}

TEST(DenseNet, ItsGroupsAreItsLayers) {
  const auto groups = densenet121().build({2, Init::none})->groups();
  ASSERT_EQ(groups.size(), 1U + 6 + 12 + 24 + 16 + 3 + 1);  // stem, layers, transitions, head
  EXPECT_EQ(groups[0].front(), "features.conv0.weight");
  EXPECT_EQ(groups[7].front(), "features.transition1.norm.weight");
  EXPECT_EQ(groups[61].front(), "features.denseblock4.denselayer16.norm1.weight");
  EXPECT_EQ(groups[61].back(), "features.norm5.bias");
}

TEST(DenseNet, RefusesImagesThatAreTooSmall) {
  const NetworkPtr network = densenet121().build({2, Init::none});
  network->eval();
  EXPECT_EQ(network->forward_features(torch::zeros({1, 3, 29, 29})).sizes(),
            torch::IntArrayRef({1, 1024, 1, 1}));
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 28, 28}));
              }),
              testing::HasSubstr("give images of at least 29 × 29 pixels"));
}

}  // namespace
}  // namespace graft::test
