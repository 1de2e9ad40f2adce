#include "graft/models/efficientnet_lite.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/files.h"
#include "graft/models/load.h"
#include "tests/models/answers.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

TEST(EfficientNetLite, NormalisesByTheBatchAndMovesItsStatisticsInTrainMode) {
  const NetworkPtr network = make_efficientnet_lite({.dropout = 0, .drop_connect = 0}, 1000, Init::none);
  fill_with_formula(*network);
  const nlohmann::json& record = models_golden().at("models").at("efficientnet_lite0");
  network->train();
  expect_answer(*network, record.at("train"));
  network->eval();
  expect_answer(*network, record.at("after"));
}

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

TEST(EfficientNetLite, IsInitialisedAsTheReferenceDoes) {
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

// timm's files hold the same tensors under other names, in the same order.
TEST(EfficientNetLite, UnderstandsTimmsNames) {
  for (const auto& [model, layers] : models_golden().at("timm_layers").items()) {
    const ModelSpec& spec = find_model(model);
    const NetworkPtr source = spec.build(1000, Init::none), target = spec.build(1000, Init::none);
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

TEST(EfficientNetLite, AnswersWithItsRealWeights) {
  const ModelSpec& spec = find_model("efficientnet_lite0");
  if (!disk().info(hub_checkpoints() / spec.weights->download.file))
    GTEST_SKIP() << spec.weights->download.file << " is not in the cache: " << spec.weights->how_to_get;
  const LoadedNetwork loaded = build_with_weights(spec, 1000, "default");
  EXPECT_FALSE(loaded.report.head_replaced);
  loaded.network->eval();
  expect_answer(*loaded.network, models_golden().at("lite0_weights"));
}

}  // namespace
}  // namespace graft::test
