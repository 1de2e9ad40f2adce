#include "graft/models/efficientnet_lite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "graft/core/files.h"
#include "graft/models/load.h"
#include "graft/weights/state_dict.h"
#include "tests/models/answers.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

TEST(EfficientNetLite, DropsBlocksInTrainModeOnly) {
  const NetworkPtr network = make_efficientnet_lite({}, 2, Init::none);
  fill_with_formula(*network);
  const torch::NoGradGuard no_gradients;
  const auto images = formula_tensor("images", {2, 3, 64, 64});
  torch::manual_seed(1);
  network->train();
  EXPECT_FALSE(network->features(images).equal(network->features(images)));
  network->eval();
  EXPECT_TRUE(network->features(images).equal(network->features(images)));
}

TEST(EfficientNetLite, DropsFeaturesBeforeTheHeadInTrainModeOnly) {
  const NetworkPtr network = make_efficientnet_lite({.dropout = 0.5, .drop_connect = 0}, 2, Init::none);
  fill_with_formula(*network);
  const torch::NoGradGuard no_gradients;
  const auto features = formula_tensor("features", {2, 1280});
  network->train();
  EXPECT_FALSE(network->classify(features).equal(network->classify(features)));
  network->eval();
  EXPECT_TRUE(network->classify(features).equal(network->head()(features)));
}

TEST(EfficientNetLite, IsInitialisedAsTheReference) {
  torch::manual_seed(1);
  const NetworkPtr network = make_efficientnet_lite({}, 2, Init::random);
  for (const auto& item : network->named_parameters()) {
    if (item.value().dim() != 4) continue;
    const double fan_in = static_cast<double>(item.value()[0].numel());
    const double most = item.value().abs().max().item<double>();  // uniform
    const double bound = 1 / std::sqrt(fan_in);
    EXPECT_LE(most, 1.000001 * bound) << item.key();
    EXPECT_GT(most, 0.95 * bound) << item.key();
  }
}

TEST(EfficientNetLite, TimmsKindIsInitialisedAsInTimm) {
  torch::manual_seed(1);
  const NetworkPtr network = make_efficientnet_lite({}, 2, Init::random, LiteKind::timm);
  const auto parameters = network->named_parameters();
  EXPECT_NEAR(parameters["conv_stem.weight"].std().item<double>(), std::sqrt(2.0 / (9 * 32)), 0.01);
  // Depthwise: 25 weights per channel, and the fan-out of a group is that of one channel.
  EXPECT_NEAR(parameters["blocks.2.0.conv_dw.weight"].std().item<double>(), std::sqrt(2.0 / 25), 0.02);
}

TEST(EfficientNetLite, TheKindsShareTimmsNamesAndGiveDifferentLogits) {
  const ModelSpec &tensorflow = find_model("efficientnet_lite0"),
                  &timm = find_model("timm_efficientnet_lite0");
  const NetworkPtr source = timm.build({7, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  const NetworkPtr one = tensorflow.build({7, Init::none}), two = timm.build({7, Init::none});
  const LoadReport first = load_state(*one, tensorflow, state, "timm.pth");
  const LoadReport second = load_state(*two, timm, state, "timm.pth");
  one->eval();
  two->eval();
  const torch::NoGradGuard no_gradients;
  const auto images = formula_tensor("images", {1, 3, 64, 64});
  EXPECT_FALSE(torch::allclose(one->forward(images), two->forward(images), 1e-3, 1e-3));
  ASSERT_EQ(first.notes.size(), 1U);
  EXPECT_THAT(first.notes[0],
              testing::HasSubstr("tf_efficientnet_lite0 is assumed (`model` efficientnet_lite0)"));
  EXPECT_THAT(first.notes[0], testing::HasSubstr("use `model` timm_efficientnet_lite0"));
  ASSERT_EQ(second.notes.size(), 1U);
  EXPECT_THAT(second.notes[0],
              testing::HasSubstr("efficientnet_lite0 is assumed (`model` timm_efficientnet_lite0)"));

  // A file that names its model needs no assumption, and no other model accepts it.
  for (const auto& [arch, right, wrong] : {std::tuple("tf_efficientnet_lite0", &tensorflow, &timm),
                                           std::tuple("efficientnet_lite0.ra_in1k", &timm, &tensorflow)}) {
    state.metadata = {{"arch", arch}};
    const NetworkPtr fits = right->build({7, Init::none}), other = wrong->build({7, Init::none});
    EXPECT_TRUE(load_state(*fits, *right, state, "timm.pth").notes.empty());
    EXPECT_THAT(
        error_of([&, other = other, wrong = wrong] { load_state(*other, *wrong, state, "timm.pth"); }),
        testing::HasSubstr("states that its model is " + right->name));
  }
}

TEST(EfficientNetLite, ThePackagesNamesIdentifyTheTensorflowKind) {
  const ModelSpec &tensorflow = find_model("efficientnet_lite0"),
                  &timm = find_model("timm_efficientnet_lite0");
  const NetworkPtr network = tensorflow.build({7, Init::none}), other = timm.build({7, Init::none});
  fill_with_formula(*network);
  StateDict state = state_of(*network);
  state.metadata = {{"arch", "efficientnet_lite0"}};  // as a user of the package may name it
  EXPECT_TRUE(load_state(*network, tensorflow, state, "package.pth").notes.empty());
  state.metadata = {};
  EXPECT_THAT(error_of([&] { load_state(*other, timm, state, "package.pth"); }),
              testing::HasSubstr("use `model` efficientnet_lite0"));
}

TEST(EfficientNetLite, AConfigBesideTheFileNamesTheKind) {
  const ModelSpec &tensorflow = find_model("efficientnet_lite0"),
                  &timm = find_model("timm_efficientnet_lite0");
  const NetworkPtr source = timm.build({7, Init::none});
  fill_with_formula(*source);
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  write_safetensors(path, state_of(*source).tensors, {});
  folder.write("config.json", R"({"architecture": "efficientnet_lite0", "num_classes": 7})");
  EXPECT_TRUE(build_with_weights(timm, 7, path.string()).report.notes.empty());
  EXPECT_THAT(error_of([&] { build_with_weights(tensorflow, 7, path.string()); }),
              testing::HasSubstr("use `model` timm_efficientnet_lite0"));
}

// timm's files contain the same tensors with other names, in the same order.
TEST(EfficientNetLite, ReadsTimmsNames) {
  for (const auto& [model, layers] : family_golden("efficientnet_lite").at("timm_layers").items()) {
    const ModelSpec& spec = find_model(model);
    const NetworkPtr source = spec.build({1000, Init::none}), target = spec.build({1000, Init::none});
    fill_with_formula(*source);
    StateDict state = state_of(*source);
    std::string layer;
    std::size_t index = 0;
    for (NamedTensor& each : state.tensors) {
      const std::size_t dot = each.name.rfind('.');
      if (!layer.empty() && each.name.substr(0, dot) != layer) ++index;
      layer = each.name.substr(0, dot);
      each.name = layers.at(index).get<std::string>() + each.name.substr(dot);
    }
    EXPECT_EQ(index + 1, layers.size());
    const LoadReport report = load_state(*target, spec, state, "timm.pth");
    EXPECT_TRUE(report.renamed);
    EXPECT_FALSE(report.head_replaced);
    const auto wanted = named_tensors(*source), found = named_tensors(*target);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      EXPECT_TRUE(wanted[i].second.equal(found[i].second)) << model << " " << wanted[i].first;
  }
}

TEST(EfficientNetLite, GivesTheReferencesLogitsWithItsRealWeights) {
  const ModelSpec& spec = find_model("efficientnet_lite0");
  const PretrainedWeights& weights = *find_pretrained(spec);
  if (!disk().info(hub_checkpoints() / weights.download.file))
    GTEST_SKIP() << weights.download.file << " is not in the cache: " << weights.how_to_get;
  const LoadedNetwork loaded = build_with_weights(spec, classes_of_file, "default");
  EXPECT_FALSE(loaded.report.head_replaced);
  loaded.network->eval();
  expect_answer(*loaded.network, family_golden("efficientnet_lite").at("lite0_weights"));
}

}  // namespace
}  // namespace graft::test
