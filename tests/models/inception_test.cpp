#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Inception, IsInitialisedAsInTorchvision) {
  for (const auto& [model, std] : {std::pair("googlenet", 0.01), std::pair("inception_v3", 0.1)}) {
    torch::manual_seed(1);
    const NetworkPtr network = find_model(model).build({100, Init::random});
    for (const auto& [name, tensor] : named_tensors(*network)) {
      if (tensor.dim() < 2) continue;
      const double count = static_cast<double>(tensor.numel());
      EXPECT_NEAR(tensor.std().item<double>(), std, 4 * std / std::sqrt(2 * count)) << name;
    }
  }
}

// torchvision's own weights have them.
TEST(Inception, LeavesAuxiliaryHeadsOfAFileOut) {
  for (const auto& [model, tensors] :
       {std::pair("googlenet", std::vector<std::string>{"aux1.conv.conv.weight", "aux2.fc2.bias"}),
        std::pair("inception_v3",
                  std::vector<std::string>{"AuxLogits.conv0.bn.running_var", "AuxLogits.fc.weight"})}) {
    const ModelSpec& spec = find_model(model);
    const NetworkPtr source = spec.build({5, Init::none}), target = spec.build({5, Init::none});
    fill_with_formula(*source);
    StateDict state = state_of(*source);
    for (const std::string& name : tensors) state.tensors.push_back({name, state.tensors.back().tensor});
    const LoadReport report = load_state(*target, spec, state, "file.pth");
    EXPECT_THAT(report.notes, ElementsAre(HasSubstr("left out 2 tensors that the network does not have: " +
                                                    tensors.front())));
    EXPECT_FALSE(report.head_replaced);
    const auto ours = named_tensors(*source), theirs = named_tensors(*target);
    for (std::size_t i = 0; i < ours.size(); ++i)
      EXPECT_TRUE(ours[i].second.equal(theirs[i].second)) << ours[i].first;
  }
}

TEST(Inception, RefusesImagesThatAreTooSmall) {
  for (const auto& [model, least] : {std::pair("googlenet", 15), std::pair("inception_v3", 75)}) {
    const NetworkPtr network = find_model(model).build({2, Init::none});
    network->eval();
    const auto features = network->forward_features(torch::zeros({1, 3, least, least}));
    EXPECT_EQ(features.sizes(), torch::IntArrayRef({1, network->feature_info().dim, 1, 1}));
    EXPECT_THAT(error_of([&] {
                  network->forward(torch::zeros({1, 3, 300, least - 1}));
                }),
                HasSubstr("give images of at least " + std::to_string(least)));
  }
}

}  // namespace
}  // namespace graft::test
