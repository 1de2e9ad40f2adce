// A user's networks, with tokens, layer norm, GELU and a dotted head, in all operations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stop_token>

#include "graft/core/files.h"
#include "graft/device/torch.h"
#include "graft/image/image.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/predictor.h"
#include "graft/models/load.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/run.h"
#include "graft/session/search.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/tiny_vit.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;

class OwnNetwork : public ::testing::Test {
 protected:
  OwnNetwork() {
    register_tiny_vit();
    register_tiny_mobile();
    write_data_set(pictures_, {"blue", "red"});
  }

  TrainRequest request(const char* preset_name = "finetune") const {
    TrainRequest request{pictures_.path().string()};
    request.recipe = preset(preset_name);
    request.recipe.model = "tiny_vit";
    request.recipe.weights = "none";
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    request.recipe.feature_cache = request.recipe.head_start == HeadStart::probe ? "off" : "auto";
    return request;
  }
  // Every option that uses the network's groups.
  TrainRequest fine_tuning() const {
    TrainRequest request = this->request();
    Recipe& recipe = request.recipe;
    recipe.epochs = 6;
    recipe.loader.batch_size = 4;
    recipe.optimizer = {.lr = 0.01,
                        .weight_decay = 0.05,
                        .no_weight_decay = NoWeightDecay::biases_and_norms,
                        .optimizer = Method::adamw};
    recipe.layer_decay = 0.8;
    recipe.unfreeze_epochs = 2;
    recipe.ema = 0.5;
    return request;
  }
  fs::path folder(const char* name) const { return runs_.path() / name; }
  Model trained() const {
    TrainRequest request = fine_tuning();
    request.recipe.unfreeze_epochs = 0;  // the first epoch may be the best, so every layer is trained in it
    Run::create(folder("trained"), request).train();
    return load_model(folder("trained"));
  }

  TemporaryFolder pictures_, runs_;
};

// The parameters by name of a new network, with the seed of Run.
StateDict untrained() {
  torch::manual_seed(0);
  return state_of(*std::make_shared<TinyVit>(2));
}

bool is_same(const StateDict& a, const Network& b, const std::string& name) {
  return to_tensor(*a.find(name)).equal(b.named_parameters()[name]);
}

TEST_F(OwnNetwork, IsTrainedSavedLoadedPredictedWithAndExplained) {
  const Model model = trained();
  EXPECT_EQ(model.architecture, "tiny_vit");
  EXPECT_EQ(model.network->head_name(), "heads.head");
  EXPECT_EQ(model.preprocess, tiny_vit_preprocess());
  const StateDict before = untrained();
  for (const auto& item : model.network->named_parameters())
    EXPECT_FALSE(is_same(before, *model.network, item.key())) << item.key() << " has not changed";

  const EvaluationReport report =
      evaluate_model({.model = folder("trained").string(), .data = pictures_.path().string()});
  EXPECT_EQ(accuracy(report.outcomes), 1);
  const Predictor predictor(folder("trained"));
  for (const int label : {0, 1}) {
    const fs::path picture =
        pictures_.path() / "val" / predictor.classes()[static_cast<std::size_t>(label)] / "100.ppm";
    ASSERT_TRUE(disk().info(picture)) << picture;
    EXPECT_EQ(predictor.classify(picture).front().index, label);
  }

  const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
  const GradCam cam = grad_cam(ready, torch::randn({2, 3, 32, 32}));
  EXPECT_EQ(cam.heat.sizes(), torch::IntArrayRef({2, 32, 32}));
  EXPECT_GT(cam.heat.max().item<float>(), 0);
  EXPECT_EQ(ready.features(torch::randn({2, 3, 32, 32})).sizes(), torch::IntArrayRef({2, 32}));
}

TEST_F(OwnNetwork, AResumedRunEndsWithTheSameModel) {
  Run::create(folder("whole"), fine_tuning()).train();
  std::stop_source stop;
  RunObserver observer;
  observer.step_end = [&](const StepEnd& step) {
    if (step.epoch == 2) stop.request_stop();
  };
  observer.stop = stop.get_token();
  EXPECT_EQ(Run::create(folder("stopped"), fine_tuning(), observer).train().ending, Ending::stopped);
  Run::resume(folder("stopped")).train();
  expect_same_runs(RunFolder(folder("stopped")), RunFolder(folder("whole")));
}

TEST_F(OwnNetwork, TheProbeChangesOnlyTheHead) {
  TrainRequest probe = request("probe");
  probe.recipe.weights = folder("trained").string();
  const Model before = trained();
  Run::create(folder("probed"), probe).train();
  const Model after = load_model(folder("probed"));
  const StateDict was = state_of(*before.network);
  for (const auto& item : after.network->named_parameters())
    EXPECT_EQ(is_same(was, *after.network, item.key()), !item.key().starts_with("heads.head.")) << item.key();
}

TEST_F(OwnNetwork, FrozenItTrainsOnlyItsHead) {
  TrainRequest frozen = request("feature-extract");
  frozen.recipe.epochs = 2;
  Run::create(folder("frozen"), frozen).train();
  const Model model = load_model(folder("frozen"));
  const StateDict before = untrained();
  for (const auto& item : model.network->named_parameters())
    EXPECT_EQ(is_same(before, *model.network, item.key()), !item.key().starts_with("heads.head."))
        << item.key();
}

TEST_F(OwnNetwork, IsComparedWithAnother) {
  trained();
  CompareRequest compare{pictures_.path().string(),
                         {{"tiny_mobile", "none"}, {"tiny_vit", folder("trained").string()}}};
  compare.recipe = request("probe").recipe;
  const Comparison comparison = compare_models(compare);
  ASSERT_EQ(comparison.models.size(), 2U);
  for (const ComparedModel& each : comparison.models) {
    EXPECT_EQ(each.problem, "");
    EXPECT_GT(each.images_per_second, 0);
  }
}

// A hidden layer with dropout before the head, hardswish folded into its convolutions.
TEST_F(OwnNetwork, AConvolutionalNetworkWithADottedHeadTrainsAndPredicts) {
  TrainRequest train = request();
  train.recipe.model = "tiny_mobile";
  train.recipe.epochs = 4;
  train.recipe.loader.batch_size = 4;
  train.recipe.optimizer.lr = 0.05;
  const TrainResult result = Run::create(folder("mobile"), train).train();
  EXPECT_EQ(result.best_value(), 1);
  const Model model = load_model(folder("mobile"));
  EXPECT_EQ(model.network->head_name(), "classifier.3");
  const torch::NoGradGuard no_gradients;
  const auto images = torch::randn({4, 3, 32, 32});
  const auto plain = model.network->forward(images);
  const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
  EXPECT_TRUE(torch::allclose(ready.logits(images), plain, 1e-4, 1e-5));
  EXPECT_EQ(ready.num_features(), 24);
  const auto features = ready.features(images);
  EXPECT_TRUE(torch::allclose(model.network->classify(features), plain, 1e-4, 1e-5));
  EXPECT_GT(grad_cam(ready, images).heat.max().item<float>(), 0);
}

}  // namespace
}  // namespace graft::test
