#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/train/recipe.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Presets, TheProgramsDefaultIsFastAndTheLibrarysIsTheTutorial) {
  EXPECT_EQ(preset(default_preset).preset, "fast");
  EXPECT_EQ(Recipe().preset, "finetune");
}

TEST(Presets, FinetuneIsTheTutorialsFirstScenario) {
  const Recipe recipe = preset("finetune");
  EXPECT_EQ(recipe.model, "resnet18");
  EXPECT_FALSE(recipe.freeze);
  EXPECT_EQ(recipe.epochs, 25);
  EXPECT_EQ(recipe.loader.batch_size, 4);
  EXPECT_EQ(recipe.loader.workers, 4);
  EXPECT_EQ(recipe.optimizer.lr, 0.001);
  EXPECT_EQ(recipe.optimizer.momentum, 0.9);
  EXPECT_EQ(recipe.schedule.step_size, 7);
  EXPECT_EQ(recipe.schedule.gamma, 0.1);
}

TEST(Presets, FeatureExtractFreezesAllButTheHead) {
  const Recipe recipe = preset("feature-extract");
  EXPECT_TRUE(recipe.freeze);
  EXPECT_EQ(recipe.frozen_bn, FrozenBn::eval);
  EXPECT_EQ(recipe.optimizer.lr, preset("finetune").optimizer.lr);
}

TEST(Presets, FastContinuesFromTheProbeAtALowRate) {
  const Recipe recipe = preset("fast");
  EXPECT_EQ(recipe.head_start, HeadStart::probe);
  EXPECT_FALSE(recipe.freeze);
  EXPECT_EQ(recipe.epochs, 3);
  EXPECT_EQ(recipe.schedule.schedule, Schedule::cosine);
  EXPECT_GT(recipe.schedule.warmup_epochs, 0);
  EXPECT_LT(recipe.backbone_lr, 1);
}

TEST(Presets, BestTrainsTheProbesHeadOnMixedPictures) {
  const Recipe recipe = preset("best");
  EXPECT_EQ(recipe.head_start, HeadStart::probe);
  EXPECT_TRUE(recipe.freeze);
  EXPECT_GT(recipe.mix.mixup, 0);
  EXPECT_GT(recipe.loss.label_smoothing, 0);
  EXPECT_EQ(recipe.fit, Fit::squash);
  EXPECT_GT(recipe.epochs, 1);
}

TEST(Presets, EveryListedNameIsAPreset) {
  for (const std::string& name : preset_names()) EXPECT_EQ(preset(name).preset, name);
}

TEST(Presets, AnUnknownNameGetsTheNearest) {
  EXPECT_THAT([] { preset("finetuen"); },
              ThrowsMessage<UsageError>(
                  AllOf(HasSubstr("`preset`: \"finetuen\" is not one of finetune, feature-extract"),
                        HasSubstr("did you mean \"finetune\"?"))));
}

TEST(PreprocessOf, UsesTheRecipesPreprocessOptions) {
  Preprocess of_weights;
  of_weights.crop = 300;
  Recipe recipe;
  recipe.fit = Fit::pad;
  recipe.decode = {.exif = true, .alpha = "white", .decode = DecodeMode::fast};
  const Preprocess result = preprocess_of(recipe, of_weights);
  EXPECT_EQ(result.crop, 300);
  EXPECT_EQ(result.fit, Fit::pad);
  EXPECT_TRUE(result.exif);
  EXPECT_EQ(result.alpha, "white");
  EXPECT_EQ(result.decode, DecodeMode::fast);
  recipe.input_size = 150;
  EXPECT_EQ(preprocess_of(recipe, of_weights).crop, 150);
  EXPECT_EQ(preprocess_of(recipe, of_weights).resize, 128);  // 256 · 150 / 300
  recipe.input_size = 4096;
  of_weights.resize = 320;
  EXPECT_EQ(preprocess_of(recipe, of_weights).resize, 4369);
  of_weights.resize = 800;
  EXPECT_THAT(
      [&] { preprocess_of(recipe, of_weights); },
      ThrowsMessage<Error>(HasSubstr("`input_size`: input resize of 10922 pixels is outside 1 to 8192")));
  recipe.input_size = 0;
  recipe.decode.alpha = "glass";
  EXPECT_THROW(preprocess_of(recipe, of_weights), UsageError);
}

TEST(Passes, TrainingAugmentsAndShufflesAndValidationDoesNeither) {
  Recipe recipe;
  recipe.seed = 5;
  recipe.decode.max_pixels = 1000;
  recipe.augmentation.random_erase = 0.25;
  const LoaderPass train = train_pass(recipe), val = val_pass(recipe);
  EXPECT_TRUE(train.augment && train.shuffle);
  EXPECT_EQ(train.augment->random_erase, 0.25);
  EXPECT_FALSE(val.augment || val.shuffle);
  for (const LoaderPass& pass : {train, val}) {
    EXPECT_EQ(pass.seed, 5U);
    EXPECT_EQ(pass.max_pixels, 1000U);
  }
  recipe.augment = recipe.shuffle = false;
  EXPECT_FALSE(train_pass(recipe).augment || train_pass(recipe).shuffle);
}

}  // namespace
}  // namespace graft
