#include "graft/train/memory_estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

TrainingMemory memory_of(const std::string& name, const Recipe& recipe) {
  const ModelSpec& spec = find_model(name);
  return estimate_training_memory({.architecture = name,
                                   .classes = {"a", "b"},
                                   .preprocess = spec.preprocess,
                                   .network = spec.build({2, Init::none})},
                                  recipe, Precision::fp32, 1000);
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

// Of a ResNet-18, the backward pass needs the outputs of its convolutions and of its batch norms, to which
// ReLU is applied in place: 2.5 million values each.
TEST(TrainingMemory, OfAFineTunedNetworkCountsWhatTheBackwardPassNeeds) {
  Recipe recipe = preset("finetune");
  recipe.loader.workers = 0;
  const TrainingMemory memory = memory_of("resnet18", recipe);
  constexpr double weights = 11'177'538 * 4.0 / (1 << 20);
  EXPECT_NEAR(mebibytes(memory.fixed), 4 * weights, 1);  // values, gradients, momentum, the best epoch's
  EXPECT_NEAR(mebibytes(memory.per_picture), 20, 2);
  recipe.optimizer.optimizer = Method::adamw;
  recipe.ema = 0.999;
  EXPECT_NEAR(mebibytes(memory_of("resnet18", recipe).fixed), 6 * weights, 1);
}

// MobileNetV4 pools before its last batch norm; ResNet-18 has one position left of 32 pixels.
TEST(TrainingMemory, KnowsNetworksThatNeedTwoPictures) {
  const auto memory_at = [](const std::string& name, int side) {
    const ModelSpec& spec = find_model(name);
    Preprocess preprocess = spec.preprocess;
    set_input_size(preprocess, side);
    return estimate_training_memory({.architecture = name,
                                     .classes = {"a", "b"},
                                     .preprocess = preprocess,
                                     .network = spec.build({2, Init::none, side})},
                                    preset("finetune"), Precision::fp32, 1000);
  };
  EXPECT_TRUE(memory_at("mobilenetv4_conv_small", 224).needs_two_pictures);
  EXPECT_TRUE(memory_at("resnet18", 32).needs_two_pictures);
  EXPECT_FALSE(memory_at("resnet18", 64).needs_two_pictures);
  EXPECT_FALSE(memory_at("vit_tiny_patch16_224", 32).needs_two_pictures);
}

TEST(CheckLastBatch, RefusesABatchOfOnePicture) {
  TrainingMemory memory;
  Recipe recipe = preset("finetune");  // batches of 4
  EXPECT_NO_THROW(check_last_batch(memory, recipe, 33));
  memory.needs_two_pictures = true;
  for (const std::size_t pictures : {4, 32, 34, 35})
    EXPECT_NO_THROW(check_last_batch(memory, recipe, pictures));
  EXPECT_THAT(
      [&] { check_last_batch(memory, recipe, 33); },
      ThrowsMessage<UsageError>(::testing::AllOf(
          HasSubstr(
              "`batch_size`: 4 leaves a batch of one picture of 33, and a batch norm of resnet18 needs two"),
          HasSubstr("use 5"))));
  EXPECT_THAT([&] { check_last_batch(memory, recipe, 1); },
              ThrowsMessage<UsageError>(HasSubstr("add pictures")));
  recipe.hold_bn = true;
  EXPECT_NO_THROW(check_last_batch(memory, recipe, 33));
  recipe = preset("feature-extract");
  EXPECT_NO_THROW(check_last_batch(memory, recipe, 33));
  recipe.frozen_bn = FrozenBn::update;
  EXPECT_THROW(check_last_batch(memory, recipe, 33), UsageError);
  recipe = preset("probe");
  EXPECT_NO_THROW(check_last_batch(memory, recipe, 33));
}

// No more batches are loaded ahead than an epoch has.
TEST(TrainingMemory, CountsThePicturesThatThereAre) {
  const ModelSpec& spec = find_model("resnet18");
  Recipe recipe = preset("finetune");
  recipe.loader.batch_size = 512;
  recipe.loader.workers = recipe.loader.prefetch = 1024;
  EXPECT_EQ(pictures_of_step(recipe, 24), 24);
  EXPECT_EQ(pictures_of_step(recipe, 1000), 512);
  const auto loaded = [&](std::size_t pictures) {
    return estimate_training_memory({.architecture = "resnet18",
                                     .classes = {"a", "b"},
                                     .preprocess = spec.preprocess,
                                     .network = spec.build({2, Init::none})},
                                    recipe, Precision::fp32, pictures)
        .loaded;
  };
  constexpr std::uint64_t picture = 3 * 224 * 224 * sizeof(float);
  EXPECT_EQ(loaded(24), picture);
  EXPECT_EQ(loaded(1000), 2 * picture);
  recipe.loader.workers = 2;
  recipe.loader.prefetch = 3;
  EXPECT_EQ(loaded(100'000), 7 * picture);
}

TEST(TrainingMemory, OfAFrozenNetworkIsThatOfPrediction) {
  const TrainingMemory all = memory_of("resnet18", preset("finetune"));
  const TrainingMemory frozen = memory_of("resnet18", preset("feature-extract"));
  EXPECT_LT(frozen.per_picture, all.per_picture / 2);
  EXPECT_LT(frozen.fixed, 0.6 * static_cast<double>(all.fixed));
}

TEST(TrainingMemory, ItsEstimateChangesNothing) {
  const ModelSpec& spec = find_model("mobilenet_v2");
  torch::manual_seed(1);
  const Model model{.architecture = "mobilenet_v2",
                    .classes = {"a", "b"},
                    .preprocess = spec.preprocess,
                    .network = spec.build({2, Init::random})};
  model.network->train();
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& buffer : model.network->buffers()) before.push_back(buffer.clone());
  const torch::Tensor expected = torch::rand({3});
  torch::manual_seed(1);
  const NetworkPtr other = spec.build({2, Init::random});
  estimate_training_memory(model, preset("finetune"), Precision::fp32, 1000);
  EXPECT_TRUE(torch::rand({3}).equal(expected));
  EXPECT_TRUE(model.network->is_training());
  const std::vector<torch::Tensor> after = model.network->buffers();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(before[i].equal(after[i]));
}

TEST(TrainingMemory, AWarningNamesABatchThatFits) {
  constexpr std::uint64_t gibibyte = 1ULL << 30;
  const TrainingMemory memory{gibibyte, gibibyte / 4};
  EXPECT_EQ(memory_words(memory, 32), "9.0 GiB for a batch of 32");
  EXPECT_THAT(memory_warnings(memory, 32, 9 * gibibyte), IsEmpty());
  EXPECT_THAT(memory_warnings(memory, 32, std::nullopt), IsEmpty());
  EXPECT_THAT(memory_warnings(memory, 32, 6 * gibibyte),
              ElementsAre("training needs about 9.0 GiB for a batch of 32, and 6.0 GiB are free: use "
                          "`batch_size` 16"));
  EXPECT_THAT(
      memory_warnings(memory, 1, gibibyte),
      ElementsAre("training needs about 1.2 GiB for a batch of 1, and 1.0 GiB are free: use a smaller "
                  "model"));
  EXPECT_THAT(memory_warnings({gibibyte, gibibyte / 4, gibibyte}, 8, gibibyte),
              ElementsAre(HasSubstr("use fewer `workers` or a smaller `prefetch`")));
}

}  // namespace
}  // namespace graft
