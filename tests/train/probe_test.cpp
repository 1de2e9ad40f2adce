#include "graft/train/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/models/load.h"
#include "graft/train/trainer.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Probe : public test::TinyTraining {
 protected:
  Probe() {
    recipe_ = preset("probe");
    recipe_.feature_cache = (folder_.path() / "cache").string();
    recipe_.seed = 5;
  }
  Model fresh() const { return test::tiny_model(data_.train.classes, 3, /*dropout=*/0.5); }
};

TEST_F(Probe, FitsTheHeadAndLeavesTheBackboneAlone) {
  Model model = fresh(), before = fresh();
  const TrainResult result = train(model);
  ASSERT_EQ(result.history.size(), 1U);
  ASSERT_TRUE(result.probe);
  EXPECT_GT(result.probe->l2, 0);
  EXPECT_EQ(result.best_value(), 1.0);
  EXPECT_EQ(result.history[0].lr, 0);
  const auto was = before.network->named_parameters(), is = model.network->named_parameters();
  for (const auto& item : was)
    EXPECT_EQ(item.value().equal(is[item.key()]), !item.key().starts_with("fc.")) << item.key();
}

// The metrics are those of the ordinary evaluation of the model.
TEST_F(Probe, ItsMetricsAreTheModels) {
  Model model = fresh();
  const TrainResult result = train(model);
  const Loader loader(data_.val.samples, model.preprocess, recipe_.loader, val_pass(recipe_));
  const Evaluation evaluation = evaluate(InferenceModel::compile(model, torch::kCPU), loader);
  EXPECT_EQ(accuracy(evaluation.outcomes), result.best_value());
  EXPECT_NEAR(mean_loss(evaluation.outcomes), result.history[0].val_loss, 1e-5);
}

TEST_F(Probe, TheCacheAvoidsTheBackboneAndChangesNothing) {
  recipe_.views = 3;
  std::vector<std::string> phases;
  TrainEvents events;
  events.progress = [&](const Progress& p) { phases.push_back(p.what); };
  Model first = fresh(), second = fresh(), without = fresh();
  const double loss = train(first, events).history[0].val_loss;
  EXPECT_THAT(phases,
              ::testing::IsSupersetOf({"probe train view 0", "probe train view 3", "probe val view 0"}));
  phases.clear();
  EXPECT_EQ(train(second, events).history[0].val_loss, loss);
  EXPECT_TRUE(phases.empty());
  recipe_.feature_cache = "off";
  EXPECT_EQ(train(without, events).history[0].val_loss, loss);
  EXPECT_FALSE(phases.empty());
}

// Features do not depend on other classes, another order or fewer pictures.
TEST_F(Probe, AViewDependsOnlyOnThePicture) {
  recipe_.loader.batch_size = 5;
  Model model = fresh();
  FeatureCache all, some;
  const ViewFeatures whole = extract_views(model, data_.train.samples, 3, recipe_, torch::kCPU, all, "train");
  const std::vector<Sample> last = {data_.train.samples.back()};
  const ViewFeatures alone = extract_views(model, last, 3, recipe_, torch::kCPU, some, "train");
  ASSERT_EQ(whole.more.size(), 3U);
  EXPECT_TRUE(torch::allclose(whole.centre.features[-1], alone.centre.features[0], 1e-5, 1e-6));
  for (std::size_t view = 0; view < 3; ++view)
    EXPECT_TRUE(torch::allclose(whole.more[view][-1], alone.more[view][0], 1e-5, 1e-6)) << view;
  EXPECT_FALSE(torch::allclose(whole.more[1], whole.more[2], 1e-5, 1e-6));
}

// The outputs are of the folds' fits: their mean loss is that by which fit_head() selects l2.
TEST_F(Probe, TheHeldOutOutputsHaveTheLossOfTheCrossValidation) {
  recipe_.views = 1;
  Model model = fresh();
  const auto task = make_task(model.task);
  FeatureCache cache;
  const ViewFeatures features =
      extract_views(model, data_.train.samples, 1, recipe_, torch::kCPU, cache, "train");
  const CrossValidatedProbe probe = cross_validate_probe(*task, {}, features, 3, /*with_bias=*/true, 5);
  const ProbeFit fit = fit_head(*model.network, *task, {}, features, 5);
  EXPECT_EQ(probe.fit.l2, fit.l2);
  EXPECT_EQ(probe.fit.cv_loss, fit.cv_loss);
  Outcomes outcomes;
  task->add_outcomes(probe.outputs, features.centre.indices, features.centre.labels, {}, outcomes);
  EXPECT_NEAR(mean_loss(outcomes.outcomes), fit.cv_loss, 1e-6);
  const auto folds = probe_folds(*task, features.centre.labels, 5);
  EXPECT_EQ(*std::max_element(folds.begin(), folds.end()), 4);
}

TEST_F(Probe, MayBeTheStartOfATraining) {
  recipe_.epochs = 2;
  recipe_.freeze = false;
  std::vector<EpochEnd> ends;
  TrainEvents events;
  events.epoch_end = [&](const EpochEnd& end) { ends.push_back(end); };
  Model model = fresh();
  train(model, events);
  ASSERT_EQ(ends.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ends[static_cast<std::size_t>(i)].record.epoch, i);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ends[static_cast<std::size_t>(i)].record.probe, i == 0);
  EXPECT_EQ(ends[0].epochs, 2);
  EXPECT_GT(ends[1].record.lr, 0);
}

TEST_F(Probe, ABadPictureStopsItOrIsCounted) {
  const auto bad = folder_.write("train/red/bad.ppm", "P6\n");
  data_ = open_data_set(folder_.path());
  Model model = fresh();
  EXPECT_THAT([&] { train(model); }, ThrowsMessage<Error>(HasSubstr(bad.string())));
  recipe_.loader.skip_bad = true;
  EXPECT_EQ(train(model).skipped, 1);
}

// Cached features of a picture that is now too large are not used.
TEST_F(Probe, TheLimitOfPixelsAppliesToCachedFeaturesToo) {
  Model model = fresh();
  train(model);
  recipe_.decode.max_pixels = 10;
  Model other = fresh();
  EXPECT_THAT([&] { train(other); }, ThrowsMessage<Error>(HasSubstr("above the limit of 10")));
}

TEST_F(Probe, NoEpochsAndNoProbeIsAUsageError) {
  recipe_.head_start = HeadStart::fresh;
  Model model = fresh();
  EXPECT_THAT([&] { train(model); },
              ThrowsMessage<UsageError>(HasSubstr("`epochs`: 0 leaves nothing to do")));
}

TEST_F(Probe, FeaturesThatAreNotFiniteNameThePicture) {
  Model model = fresh();
  for (auto& [name, tensor] : named_tensors(*model.network)) {
    if (name == "conv.weight") tensor.detach().fill_(3e38F);
  }
  EXPECT_THAT([&] { train(model); },
              ThrowsMessage<Error>(AllOf(HasSubstr("train/blue/0.ppm: the network gives values"),
                                         HasSubstr("from the mean of the last feature maps on"))));
  EXPECT_FALSE(disk().info(folder_.path() / "cache"));
}

ProbeFit fit(Model& model, const ViewFeatures& train) {
  return fit_head(*model.network, *make_task({}), {}, train, 0);
}

// Ten features of each class on either side of zero, of which the first has the label of the other side: no
// head saw its label.
TEST(CrossValidatedProbe, ContradictALabelThatIsAloneAmongTheOthers) {
  FeatureSet set;
  set.features =
      torch::cat({torch::ones({10, 2}), -torch::ones({10, 2})}) + 0.01 * torch::arange(20).view({20, 1});
  for (std::int64_t i = 0; i < 20; ++i) {
    set.labels.push_back(i == 0 || i >= 10 ? 1 : 0);
    set.indices.push_back(static_cast<std::uint32_t>(i));
  }
  const auto task = make_task({});
  const torch::Tensor outputs = cross_validate_probe(*task, {}, {set, {}}, 2, true, 3).outputs;
  ASSERT_EQ(outputs.sizes(), (std::vector<std::int64_t>{20, 2}));
  const torch::Tensor predicted = outputs.argmax(1);
  EXPECT_EQ(predicted.slice(0, 0, 10).sum().item<int>(), 0);
  EXPECT_EQ(predicted.slice(0, 10).sum().item<int>(), 10);
}

TEST(CrossValidatedProbe, OfEqualFeaturesAreTheSharesOfTheClasses) {
  FeatureSet set;
  set.features = torch::ones({20, 3});
  for (std::int64_t i = 0; i < 20; ++i) {
    set.labels.push_back(i % 2);
    set.indices.push_back(static_cast<std::uint32_t>(i));
  }
  const auto task = make_task({});
  EXPECT_TRUE(cross_validate_probe(*task, {}, {set, {}}, 2, true, 3)
                  .outputs.softmax(1)
                  .sub(0.5)
                  .abs()
                  .max()
                  .item<float>() < 1e-3F);
}

TEST(FitHead, RefusesFeaturesThatAreTooLarge) {
  Model model = test::tiny_model({"a", "b"});
  const torch::Tensor before = model.network->head()->weight.detach().clone();
  ViewFeatures train;
  train.centre.features = torch::randn({40, 8}) * 1e30;
  for (std::int64_t i = 0; i < 40; ++i) train.centre.labels.push_back(i % 2);
  EXPECT_THAT([&] { fit(model, train); }, ThrowsMessage<Error>(HasSubstr("too large")));
  EXPECT_TRUE(model.network->head()->weight.equal(before));
}

// The head absorbs the centring and scaling of the features.
TEST(FitHead, SeparatesFeaturesFarFromTheOrigin) {
  torch::manual_seed(1);
  Model model = test::tiny_model({"a", "b", "c"});
  ViewFeatures train;
  for (std::int64_t i = 0; i < 60; ++i) train.centre.labels.push_back(i % 3);
  train.centre.indices.resize(60);
  const auto labels = torch::tensor(train.centre.labels, torch::kInt64);
  train.centre.features = 100 + 7 * torch::one_hot(labels, 8).to(torch::kFloat32) + torch::randn({60, 8});
  train.more = {train.centre.features + 0.1 * torch::randn({60, 8})};
  const ProbeFit metrics = fit(model, train);
  EXPECT_LT(metrics.cv_loss, 0.2);
  EXPECT_EQ(accuracy(evaluate_features(*model.network, *make_task({}), train.centre, torch::kCPU).outcomes),
            1.0);
}

// As MaxViT's.
class WithoutABias : public test::TinyNetwork {
 public:
  explicit WithoutABias(std::int64_t classes) : TinyNetwork(classes) {
    replace_module("fc", torch::nn::Linear(torch::nn::LinearOptions(8, classes).bias(false)));
    head_is("fc");
  }
};

TEST(FitHead, FitsAHeadWithoutABias) {
  torch::manual_seed(1);
  Model model = test::tiny_model({"a", "b", "c"});
  model.network = std::make_shared<WithoutABias>(3);
  ViewFeatures train;
  for (std::int64_t i = 0; i < 60; ++i) train.centre.labels.push_back(i % 3);
  train.centre.indices.resize(60);
  const auto labels = torch::tensor(train.centre.labels, torch::kInt64);
  train.centre.features = 1 + 7 * torch::one_hot(labels, 8).to(torch::kFloat32) + torch::randn({60, 8});
  EXPECT_LT(fit(model, train).cv_loss, 0.2);
  EXPECT_EQ(accuracy(evaluate_features(*model.network, *make_task({}), train.centre, torch::kCPU).outcomes),
            1.0);
}

// Random labels: only strong regularisation keeps held-out losses near ln 2.
TEST(FitHead, RegularisesRandomLabels) {
  torch::manual_seed(2);
  Model model = test::tiny_model({"a", "b"});
  ViewFeatures train;
  train.centre.features = torch::randn({40, 8});
  for (std::int64_t i = 0; i < 40; ++i) train.centre.labels.push_back((i * 7 % 5) % 2);
  const ProbeFit metrics = fit(model, train);
  EXPECT_GE(metrics.l2, 0.1);
  EXPECT_LT(metrics.cv_loss, 0.85);
}

// Ridge regression finds the number encoded in the features, in units of its standard deviation.
TEST(FitHead, FindsANumber) {
  torch::manual_seed(3);
  Model model = test::tiny_model({"age"});
  Folder folder{"", {"age"}, {}, {}};
  ViewFeatures train;
  train.centre.features = torch::randn({60, 8});
  train.centre.indices.resize(60);
  for (std::int64_t i = 0; i < 60; ++i) {
    folder.numbers.push_back(40 + 10 * train.centre.features[i][2].item<double>());
    folder.samples.push_back({"", i});
    train.centre.labels.push_back(i);
  }
  const auto task = make_task(task_spec_of(folder));
  const torch::Tensor targets = task->target_table(folder);
  const ProbeFit metrics = fit_head(*model.network, *task, targets, train, 0);
  EXPECT_LT(metrics.cv_loss, 1e-3);
  const Evaluation evaluation = evaluate_features(*model.network, *task, train.centre, torch::kCPU, targets);
  EXPECT_LT(*value_of(task->metrics(evaluation), "mae"), 0.1);
  EXPECT_NEAR(evaluation.outcomes[7].true_number, folder.numbers[7], 1e-4);
}

}  // namespace
}  // namespace graft