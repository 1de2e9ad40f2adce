#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ModelSpec& maxvit_t() { return find_model("maxvit_t"); }

TEST(MaxVit, TakesSizesThatItsWindowsDivide) {
  EXPECT_THAT(error_of([] {
                maxvit_t().build({2, Init::none, 256});
              }),
              HasSubstr("`input_size`: the maps of images of 256 × 256 pixels are not divisible into the "
                        "windows of MaxViT; use a multiple of 224 for both sides"));
  const NetworkPtr network = maxvit_t().build({2, Init::random});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 224, 112}));
              }),
              HasSubstr("images of 224 × 112 pixels"));
  const torch::NoGradGuard no_gradients;
  EXPECT_EQ(network->forward_features(torch::zeros({1, 3, 221, 448})).sizes(),
            torch::IntArrayRef({1, 512, 7, 14}));
}

TEST(MaxVit, ItsPythonNetworkHasTheSizeOfTheImages) {
  EXPECT_EQ(python_network_of(maxvit_t(), 3, 448),
            "torchvision.models.maxvit_t(num_classes=3, input_size=(448, 448))");
}

TEST(MaxVit, ItsGroupsAreItsLayers) {
  const auto groups = maxvit_t().build({2, Init::none})->groups();
  ASSERT_EQ(groups.size(), 15U);  // two convolutions of the stem, 11 layers, the hidden layer, the head
  EXPECT_EQ(groups[2].front(), "blocks.0.layers.0.layers.MBconv.proj.1.weight");
  EXPECT_THAT(groups[13], ElementsAre("classifier.3.weight", "classifier.3.bias"));
  EXPECT_THAT(groups[14], ElementsAre("classifier.5.weight"));
}

// As in torchvision.
TEST(MaxVit, ItsHeadHasNoBias) {
  const NetworkPtr source = maxvit_t().build({3, Init::none});
  fill_with_formula(*source);
  const StateDict state = state_of(*source);
  const LoadedNetwork loaded = build_from_state(maxvit_t(), state, "file.pth", {});
  EXPECT_TRUE(loaded.network->head()->weight.equal(source->head()->weight));
  EXPECT_EQ(loaded.report.file_classes, 3);
  loaded.network->reset_classifier(2);
  EXPECT_FALSE(loaded.network->head()->bias.defined());
}

TEST(MaxVit, AHeadWithABiasIsNotLoaded) {
  const NetworkPtr source = maxvit_t().build({3, Init::none}), target = maxvit_t().build({3, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  const torch::Tensor bias = torch::zeros({3});
  state.tensors.push_back({"classifier.5.bias", view_of(bias)});
  const LoadReport report = load_state(*target, maxvit_t(), state, "file.pth");
  EXPECT_TRUE(report.head_replaced);
  EXPECT_THAT(report.notes,
              ElementsAre(HasSubstr("left out 2 tensors of a head that does not fit: classifier.5.weight")));
}

TEST(MaxVit, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = maxvit_t().build({10, Init::random});
  for (const auto& item : network->named_parameters()) {
    if (item.value().dim() > 1) {
      EXPECT_NEAR(item.value().std().item<double>(), 0.02, 0.002) << item.key();
    } else if (item.key().ends_with(".bias")) {
      EXPECT_TRUE(item.value().eq(0).all().item<bool>()) << item.key();
    }
  }
}

}  // namespace
}  // namespace graft::test
