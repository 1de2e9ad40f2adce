// Trains as in the tutorial, and compares with Python's losses (tools/goldens/training.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "graft/models/registry.h"
#include "graft/train/trainer.h"
#include "tests/support/formula.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

class TutorialParity : public ::testing::TestWithParam<const char*> {};

std::vector<Sample> in_order(const std::vector<Sample>& samples, std::size_t step) {
  std::vector<Sample> ordered;
  for (std::size_t i = 0; i < samples.size(); ++i) ordered.push_back(samples[i * step % samples.size()]);
  return ordered;
}

TEST_P(TutorialParity, LossesOfEachEpochAreThoseOfTheReference) {
  if (test::hymenoptera().empty()) GTEST_SKIP() << test::no_hymenoptera;
  std::ifstream file(test::golden("training.json"));
  const auto golden = nlohmann::json::parse(file);
  const TrainingData data = open_data_set(test::hymenoptera());
  const ModelSpec& spec = find_model(golden.at("network").get<std::string>());
  Model model{spec.name, data.train.classes, spec.preprocess, {}, spec.build({2, Init::random})};
  test::fill_for_training(*model.network);
  Recipe recipe = preset(GetParam());
  recipe.frozen_bn = FrozenBn::update;
  recipe.augment = recipe.shuffle = false;
  recipe.precision = Precision::fp32;
  recipe.epochs = golden.at("epochs");
  Folder train = data.train;
  train.samples = in_order(data.train.samples, golden.at("order_step"));
  const auto history = train_model(model, train, data.val, recipe, torch::kCPU).history;
  for (std::size_t epoch = 0; epoch < history.size(); ++epoch) {
    const auto& expected = golden.at("scenarios").at(GetParam()).at(epoch);
    for (const auto& [name, value] : {std::pair("train_loss", history[epoch].train_loss),
                                      std::pair("val_loss", history[epoch].val_loss)}) {
      const double reference = expected.at(name);
      EXPECT_NEAR(value, reference, 0.01 * reference) << name << " of epoch " << epoch;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, TutorialParity, ::testing::Values("finetune", "feature-extract"),
                         [](const auto& scenario) {
                           return scenario.param == std::string("finetune") ? "finetune" : "feature_extract";
                         });

}  // namespace
}  // namespace graft
