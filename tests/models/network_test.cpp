#include "graft/models/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/activation.h>

#include "graft/core/error.h"
#include "graft/device/random_state.h"
#include "graft/models/layers.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "graft/models/resnet.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/tiny_vit.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Network, ReplacesItsHeadInPlace) {
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 1000, Init::random);
  const auto before = named_tensors(*network);
  network->reset_classifier(2);
  const auto after = named_tensors(*network);
  EXPECT_EQ(network->head_name(), "fc");
  EXPECT_EQ(network->head()->weight.sizes(), torch::IntArrayRef({2, 512}));
  EXPECT_EQ(network->head()->bias.sizes(), torch::IntArrayRef({2}));
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].first, before[i].first);
    EXPECT_EQ(after[i].second.is_same(before[i].second), !after[i].first.starts_with("fc."))
        << after[i].first;
  }
  EXPECT_EQ(network->forward(torch::zeros({2, 3, 32, 32})).sizes(), torch::IntArrayRef({2, 2}));
}

TEST(Network, KeepsTheDtypeOfAReplacedHead) {
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 5, Init::random);
  network->to(torch::kFloat64);
  network->reset_classifier(2);
  EXPECT_EQ(network->head()->weight.scalar_type(), torch::kFloat64);
}

// A network with only the given modules.
class Bare : public Network {
 public:
  using Network::add_head;
  using Network::head_is;
  torch::Tensor forward_features(const torch::Tensor& images) override { return images; }
  FeatureInfo feature_info() const override { return {.dim = 3, .reduction = 1}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<Bare>(); }
};

std::vector<std::string> names_of(const Network& network) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : named_tensors(network)) names.push_back(name);
  return names;
}

TEST(Network, MakesTheModulesOfAHeadsName) {
  Bare network;
  network.add_head("head.fc", 3, 4);
  EXPECT_THAT(names_of(network), ElementsAre("head.fc.weight", "head.fc.bias"));
  const auto before = network.head();
  network.reset_classifier(2);
  EXPECT_EQ(network.head_name(), "head.fc");
  EXPECT_FALSE(network.head()->weight.is_same(before->weight));
  EXPECT_TRUE(network.named_parameters()["head.fc.weight"].is_same(network.head()->weight));
  EXPECT_EQ(network.forward(torch::ones({5, 3, 2, 2})).sizes(), torch::IntArrayRef({5, 2}));
}

// The container's own forward() uses the new layer too.
TEST(Network, UsesAnExistingHeadAndReplacesItInItsContainer) {
  for (const bool added : {false, true}) {
    Bare network;
    torch::nn::Sequential classifier(torch::nn::Linear(3, 6), torch::nn::ReLU());
    if (!added) classifier->push_back(torch::nn::Linear(6, 4));
    network.register_module("classifier", classifier);
    added ? network.add_head("classifier.2", 6, 4) : network.head_is("classifier.2");
    EXPECT_EQ(classifier->forward(torch::ones({5, 3})).size(1), 4);
    network.reset_classifier(2);
    EXPECT_THAT(names_of(network), ElementsAre("classifier.0.weight", "classifier.0.bias",
                                               "classifier.2.weight", "classifier.2.bias"));
    EXPECT_EQ(classifier->forward(torch::ones({5, 3})).size(1), 2);
    EXPECT_EQ(network.head()->weight.sizes(), torch::IntArrayRef({2, 6}));
  }
  Bare listed;
  torch::nn::ModuleList heads(torch::nn::Linear(3, 4));
  listed.register_module("heads", heads);
  listed.head_is("heads.0");
  listed.reset_classifier(2);
  EXPECT_EQ(heads->ptr<torch::nn::LinearImpl>(0), listed.head().ptr());
}

TEST(Network, AHeadMustBeAnExistingLinearLayer) {
  Bare network;
  network.register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({3})));
  for (const char* name : {"norm", "norm.fc", "fc", "a.b.c", ""})
    EXPECT_THROW(network.head_is(name), UsageError) << name;
}

TEST(Network, DropsInputsOfTheHead) {
  Bare network;
  network.add_head("fc", 3, 4, 0.5);
  const auto features = torch::ones({200, 3});
  network.train();
  const auto logits = network.classify(features);
  EXPECT_FALSE(logits[0].equal(logits[1]) && logits[1].equal(logits[2]) && logits[2].equal(logits[3]));
  network.eval();
  EXPECT_TRUE(network.classify(features).equal(network.head()(features)));
}

TEST(Network, ItsGroupsGoFromTheStemToTheHead) {
  const TinyVit vit(3);
  const auto groups = vit.groups();
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_THAT(groups[0], ElementsAre("cls_token", "pos_embed", "patch_embed.weight", "patch_embed.bias"));
  EXPECT_EQ(groups[1].front(), "blocks.0.norm1.weight");
  EXPECT_EQ(groups[1].size(), 12U);
  EXPECT_EQ(groups[2].size(), 14U);
  EXPECT_EQ(groups[2].back(), "norm.bias");
  EXPECT_THAT(groups[3], ElementsAre("heads.head.weight", "heads.head.bias"));
  const auto mobile = TinyMobile(3).groups();
  ASSERT_EQ(mobile.size(), 6U);
  EXPECT_THAT(mobile[0], ElementsAre("stem.weight", "bn1.weight", "bn1.bias"));
  EXPECT_THAT(mobile[4], ElementsAre("classifier.0.weight", "classifier.0.bias"));
  EXPECT_THAT(mobile[5], ElementsAre("classifier.3.weight", "classifier.3.bias"));
  Bare plain;  // with modules that only name their children
  add_conv(plain, "features.0", ConvOptions{.in = 3, .out = 4});
  add_layer(plain, "features.1.0", Conv(ConvOptions{.in = 4, .out = 3}));
  plain.add_head("classifier.1", 3, 4);
  EXPECT_THAT(plain.groups(),
              ElementsAre(ElementsAre("features.0.0.weight", "features.0.1.weight", "features.0.1.bias"),
                          ElementsAre("features.1.0.weight"),
                          ElementsAre("classifier.1.weight", "classifier.1.bias")));
  const auto resnet = find_model("resnet18").build({10, Init::none});
  EXPECT_EQ(resnet->groups().size(), 10U);
  EXPECT_THAT(resnet->groups()[0], ElementsAre("conv1.weight", "bn1.weight", "bn1.bias"));
  const auto lite = find_model("efficientnet_lite0").build({10, Init::none});
  EXPECT_EQ(lite->groups().size(), 19U);  // stem, blocks, last convolution, head
  for (const Network* network : {resnet.get(), lite.get()}) EXPECT_NO_THROW(check_groups(*network));
  EXPECT_NO_THROW(check_groups(vit));
}

TEST(Network, TheElementsOfAPlainModuleAreGroups) {
  Bare network;
  add_conv(network, "features.0", Conv(ConvOptions{.in = 3, .out = 4}), "features.1");
  add_layer(network, "features.3", Conv(ConvOptions{.in = 4, .out = 3}));
  network.add_head("classifier.1", 3, 2);
  EXPECT_THAT(
      network.groups(),
      ElementsAre(ElementsAre("features.0.weight", "features.1.weight", "features.1.bias"),
                  ElementsAre("features.3.weight"), ElementsAre("classifier.1.weight", "classifier.1.bias")));
}

// Its name is all that a plain module adds; its own parameters belong to the first group.
TEST(Network, APlainModuleIsNoGroup) {
  Bare network;
  add_layer(network, "stem", Dense(2, 2));
  add_layer(network, "encoder.layers.0", Dense(2, 2));
  add_layer(network, "encoder.layers.1", Dense(2, 2));
  owner_of(network, "encoder.positions", /*make=*/false)
      .first->register_parameter("positions", torch::ones({2}));
  add_layer(network, "encoder.ln", layer_norm(2));
  network.add_head("head", 2, 2);
  const auto groups = network.groups();
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_THAT(groups[0], ElementsAre("encoder.positions", "stem.weight", "stem.bias"));
  EXPECT_THAT(groups[1], ElementsAre("encoder.layers.0.weight", "encoder.layers.0.bias"));
  EXPECT_EQ(groups[2].back(), "encoder.ln.bias");
  EXPECT_NO_THROW(check_groups(network));
}

class Grouped : public TinyVit {
 public:
  explicit Grouped(std::vector<std::string> group) : TinyVit(2), group_(std::move(group)) {}
  std::vector<std::vector<std::string>> groups() const override {
    auto groups = TinyVit::groups();
    groups.push_back(group_);
    groups.erase(groups.begin() + 1);
    return groups;
  }

 private:
  std::vector<std::string> group_;
};

TEST(Network, GroupsNameEachParameterOnce) {
  EXPECT_THAT(error_of([] { check_groups(Grouped({})); }), HasSubstr("names blocks.0.fc1.bias zero times"));
  EXPECT_THAT(error_of([] {
                check_groups(Grouped({"norm.bias", "blocks.0"}));
              }),
              HasSubstr("groups() names blocks.0, which is not one of its parameters"));
  auto all = TinyVit(2).groups()[1];
  all.push_back("norm.bias");
  EXPECT_THAT(error_of([&] { check_groups(Grouped(all)); }), HasSubstr("names norm.bias twice"));
}

TEST(Network, ReportsItsKindsOfOperators) {
  EXPECT_EQ(std::make_shared<TinyVit>(2)->op_kinds(),
            (std::set{OpKind::dense_conv, OpKind::linear, OpKind::attention}));
  EXPECT_EQ(std::make_shared<TinyMobile>(2)->op_kinds(),
            (std::set{OpKind::dense_conv, OpKind::depthwise_conv, OpKind::linear}));
  EXPECT_EQ(find_model("resnext50_32x4d").build({2, Init::none})->op_kinds(),
            (std::set{OpKind::dense_conv, OpKind::grouped_conv, OpKind::linear}));
}

void move_statistics(Network& network) {
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : named_tensors(network)) {
    if (name.ends_with("running_mean")) tensor.normal_(0, 0.1);
    if (name.ends_with("running_var")) tensor.uniform_(0.5, 2);
  }
}

NetworkPtr small_network() {
  torch::manual_seed(2);
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 5, Init::random);
  move_statistics(*network);
  return network;
}

TEST(Network, ACopyHasTheSameValuesInItsOwnMemory) {
  for (const NetworkPtr& network :
       {small_network(), find_model("timm_efficientnet_lite0").build({4, Init::random}),
        NetworkPtr(std::make_shared<TinyMobile>(4))}) {
    network->reset_classifier(7);
    network->to(torch::kFloat64);
    network->train();
    const auto random = random_state(torch::kCPU);
    const NetworkPtr copy = network->copy_to(torch::kCPU);
    EXPECT_TRUE(random_state(torch::kCPU)[0].equal(random[0])) << "a copy draws no random numbers";
    EXPECT_TRUE(network->is_training());
    EXPECT_FALSE(copy->is_training());
    const auto ours = named_tensors(*network), theirs = named_tensors(*copy);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_EQ(ours[i].first, theirs[i].first);
      EXPECT_EQ(ours[i].second.scalar_type(), theirs[i].second.scalar_type());
      EXPECT_TRUE(ours[i].second.equal(theirs[i].second)) << ours[i].first;
      EXPECT_FALSE(ours[i].second.is_alias_of(theirs[i].second)) << ours[i].first;
      EXPECT_FALSE(theirs[i].second.requires_grad()) << ours[i].first;
    }
    network->eval();
    const auto images = torch::randn({1, 3, 64, 64}, torch::kFloat64);
    EXPECT_TRUE(copy->forward(images).equal(network->forward(images)));
  }
}

void expect_folding_changes_nothing(Network& network) {
  const auto images = torch::randn({2, 3, 64, 64});
  const auto plain = network.forward(images);
  const NetworkPtr folded = network.copy_to(torch::kCPU), rounded = network.copy_to(torch::kCPU);
  prepare_for_inference(*folded, Precision::fp32, images);
  EXPECT_TRUE(torch::allclose(folded->forward(images), plain, 1e-4, 1e-5));
  EXPECT_FALSE(folded->forward(images).equal(plain));
  EXPECT_TRUE(network.forward(images).equal(plain)) << "the copied network does not change";
  prepare_for_inference(*rounded, Precision::bf16, images);
  const auto answer = rounded->forward(images);
  EXPECT_EQ(answer.scalar_type(), torch::kFloat32);
  EXPECT_LT((answer - plain).abs().max().item<double>(), 0.05 * plain.abs().max().item<double>());
}

TEST(Network, AFoldedNetworkGivesTheLogitsOfEvalMode) {
  const torch::NoGradGuard no_gradients;
  for (const NetworkPtr& network : {small_network(), NetworkPtr(std::make_shared<TinyMobile>(5))}) {
    move_statistics(*network);
    network->eval();
    expect_folding_changes_nothing(*network);
  }
}

// Layer norm and torch's own layers.
TEST(Network, PreparingOtherLayersForInferenceChangesNothing) {
  const torch::NoGradGuard no_gradients;
  const auto network = std::make_shared<TinyVit>(5);
  network->eval();
  const auto images = torch::randn({2, 3, 32, 32});
  const NetworkPtr prepared = network->copy_to(torch::kCPU);
  prepare_for_inference(*prepared, Precision::fp32, images);
  EXPECT_TRUE(prepared->forward(images).equal(network->forward(images)));
}

TEST(Network, ATransformerPreparedForInferenceHasPackedWeights) {
  const torch::NoGradGuard no_gradients;
  const NetworkPtr network = find_model("vit_tiny_patch16_224").build({5, Init::none, 32});
  fill_with_formula(*network);
  network->eval();
  const auto images = torch::randn({2, 3, 32, 32}), expected = network->forward(images);
  prepare_for_inference(*network, Precision::fp32, images);
  EXPECT_TRUE(torch::allclose(network->forward(images), expected, 1e-4, 1e-4));
  for (const auto& item : network->named_parameters()) {
    if (item.key().find("blocks.") == 0 && item.value().dim() == 2) item.value().zero_();
  }
  EXPECT_TRUE(torch::allclose(network->forward(images), expected, 1e-4, 1e-4));
}

}  // namespace
}  // namespace graft::test
