#include "graft/models/file_names.h"

#include <gtest/gtest.h>

#include "graft/models/load.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "tests/support/tiny_vit.h"

namespace graft::test {
namespace {

TEST(Identify, IdentifiesANetworkWhateverItsClassesAndNames) {
  for (const char* name : {"resnet18", "resnet34", "efficientnet_lite0", "efficientnet_lite2", "swin_v2_t",
                           "maxvit_t", "vit_b_16", "vit_base_patch16_224"}) {
    const NetworkPtr network = find_model(name).build({7, Init::none});
    StateDict state = state_of(*network);
    for (NamedTensor& each : state.tensors) each.name = "model." + each.name;
    EXPECT_EQ(identify_model(state), name);
  }
}

TEST(Identify, IdentifiesANetworkOfManyMatrices) {
  register_tiny_vit();
  const StateDict state = state_of(*std::make_shared<TinyVit>(7));
  EXPECT_EQ(identify_model(state), "tiny_vit");
}

TEST(Identify, IsEmptyForAnUnknownNetwork) {
  torch::nn::Linear one(3, 2);
  EXPECT_EQ(identify_model(state_of(*one)), "");
  torch::nn::Sequential two(torch::nn::Linear(3, 2), torch::nn::Linear(2, 2));
  EXPECT_EQ(identify_model(state_of(*two)), "");
  EXPECT_EQ(identify_model({}), "");
}

}  // namespace
}  // namespace graft::test
