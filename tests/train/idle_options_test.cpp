#include "graft/train/idle_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "graft/core/error.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> idle_names(const Recipe& recipe, const std::vector<std::string>& asked,
                                    const TrainingData* data = nullptr) {
  std::vector<std::string> names;
  for (const IdleOption& each : idle_options(recipe, asked, data)) names.push_back(each.name);
  return names;
}

TEST(IdleOptions, OptionsOfAnotherOptimiserOrScheduleAreIdle) {
  Recipe recipe = preset("finetune");
  EXPECT_THAT(idle_names(recipe, {"momentum", "beta1", "gamma"}), ElementsAre("beta1"));
  recipe.optimizer.optimizer = Method::adamw;
  recipe.schedule.schedule = Schedule::cosine;
  EXPECT_THAT(idle_names(recipe, {"momentum", "nesterov", "beta1", "step_size"}),
              ElementsAre("momentum", "nesterov", "step_size"));
}

TEST(IdleOptions, OnlyGivenOptionsAreChecked) {
  Recipe recipe = preset("finetune");
  recipe.optimizer.optimizer = Method::adamw;  // its momentum stays 0.9
  EXPECT_THAT(idle_names(recipe, {}), IsEmpty());
  EXPECT_THAT(idle_names(recipe, {"optimizer", "epochs", "seed"}), IsEmpty());
}

TEST(IdleOptions, AFrozenNetworkHasNoLayersToTrain) {
  const Recipe frozen = preset("feature-extract");
  EXPECT_THAT(idle_names(frozen, {"backbone_lr", "layer_decay", "frozen_bn"}),
              ElementsAre("backbone_lr", "layer_decay"));
  EXPECT_THAT(idle_names(preset("finetune"), {"backbone_lr", "frozen_bn"}), ElementsAre("frozen_bn"));
}

TEST(IdleOptions, AProbeAloneTrainsNoEpochs) {
  const Recipe probe = preset("probe");
  EXPECT_THAT(idle_names(probe, {"lr", "mixup", "views", "batch_size"}), ElementsAre("lr", "mixup"));
  EXPECT_THAT(idle_names(preset("finetune"), {"views"}), ElementsAre("views"));
  EXPECT_THAT(idle_names(preset("fast"), {"views", "lr"}), IsEmpty());
}

TEST(IdleOptions, ABatchOfOneCannotBeMixed) {
  Recipe recipe = preset("finetune");
  recipe.mix.mixup = 0.2;
  EXPECT_THAT(idle_names(recipe, {"mixup"}), IsEmpty());
  recipe.loader.batch_size = 1;
  EXPECT_EQ(test::error_of([&] { refuse_idle_options(recipe, {"mixup"}); }),
            "`mixup`: needs batches of two pictures or more; leave it out");
}

TEST(IdleOptions, AFractionActsOnlyOnASplit) {
  TrainingData data;
  data.split = false;
  EXPECT_THAT(idle_names(preset("fast"), {"val_fraction"}, &data), ElementsAre("val_fraction"));
  data.split = true;
  EXPECT_THAT(idle_names(preset("fast"), {"val_fraction"}, &data), IsEmpty());
}

// A rule for a name that is not in the table would never apply.
TEST(IdleOptions, EveryRefusalIsAUsageErrorThatNamesTheFlag) {
  Recipe recipe = preset("probe");
  std::vector<std::string> all;
  for (const OptionRef& option : options_in(recipe, recipe_options)) all.push_back(option.name);
  const auto idle = idle_names(recipe, all);
  EXPECT_GT(idle.size(), 20U);
  EXPECT_THROW(refuse_idle_options(recipe, all), UsageError);
}

TEST(DoubtfulOptions, NameWhatIsNeverReachedInTraining) {
  Recipe recipe = preset("finetune");
  EXPECT_THAT(doubtful_options(recipe), IsEmpty());
  recipe.schedule.warmup_epochs = recipe.epochs;
  recipe.unfreeze_epochs = recipe.epochs + 1;
  EXPECT_THAT(doubtful_options(recipe), ElementsAre(HasSubstr("never reaches"), HasSubstr("never trained")));
}

TEST(DoubtfulOptions, MoreAccumulatedBatchesThanAnEpochHas) {
  Recipe recipe = preset("finetune");
  recipe.loader.batch_size = 4;
  TrainingData data;
  data.train.samples.resize(9);  // 3 batches
  recipe.optimizer.accumulate = 3;
  EXPECT_THAT(doubtful_options(recipe, {}, &data), IsEmpty());
  recipe.optimizer.accumulate = 4;
  EXPECT_THAT(doubtful_options(recipe, {}, &data),
              ElementsAre("`accumulate` is above the 3 batches of an epoch: the optimiser makes one step in "
                          "each epoch"));
  recipe.epochs = 0;
  EXPECT_THAT(doubtful_options(recipe, {}, &data), IsEmpty());
}

TEST(IdleOptions, OptionsForLaterEpochsHaveNoEffect) {
  Recipe recipe = preset("finetune");
  recipe.epochs = recipe.patience = recipe.schedule.step_size = 3;
  EXPECT_THAT(idle_names(recipe, {"patience", "step_size", "gamma"}),
              ElementsAre("patience", "step_size", "gamma"));
  recipe.epochs = 4;
  EXPECT_THAT(idle_names(recipe, {"patience", "step_size", "gamma"}), IsEmpty());
  recipe.cache = "2G";
  EXPECT_THAT(idle_names(recipe, {"cache"}), IsEmpty());
  recipe.epochs = 1;
  EXPECT_THAT(idle_names(recipe, {"cache"}), ElementsAre("cache"));
}

// A script that gives the same patience to every run is not refused.
TEST(IdleOptions, OptionsForALongerRunAreAWarning) {
  Recipe recipe = preset("finetune");
  recipe.epochs = 2;
  recipe.patience = 5;
  recipe.cache = "2G";
  EXPECT_NO_THROW(refuse_idle_options(recipe, {"patience", "step_size", "cache", "epochs"}));
  EXPECT_THAT(doubtful_options(recipe, {"patience", "cache", "epochs"}),
              ElementsAre("`patience` acts only if `epochs` is larger"));
  recipe.optimizer.optimizer = Method::adamw;
  EXPECT_THROW(refuse_idle_options(recipe, {"patience", "momentum"}), UsageError);
}

TEST(IdleOptions, AProbeHasNoColourAugmentationAndNoOrder) {
  EXPECT_THAT(idle_names(preset("probe"), {"jitter_hue", "shuffle", "on_nan"}),
              ElementsAre("jitter_hue", "shuffle", "on_nan"));
}

TEST(IdleOptions, SampledEpochsHaveNoOrderAndPrefetchNeedsWorkers) {
  Recipe recipe = preset("finetune");
  EXPECT_THAT(idle_names(recipe, {"shuffle", "prefetch"}), IsEmpty());
  recipe.sampling = Sampling::balanced;
  recipe.loader.workers = 0;
  EXPECT_THAT(idle_names(recipe, {"shuffle", "prefetch"}), ElementsAre("shuffle", "prefetch"));
}

TEST(IdleOptions, AFrozenNetworkIsComputedInFloat32) {
  Recipe recipe = preset("feature-extract");
  EXPECT_THAT(idle_names(recipe, {"precision"}), IsEmpty());
  recipe.precision = Precision::bf16;
  EXPECT_EQ(test::error_of([&] { refuse_idle_options(recipe, {"precision"}); }),
            "`precision`: bf16 acts only if every layer is trained; leave it out");
  recipe = preset("fast");
  recipe.precision = Precision::bf16;
  EXPECT_THAT(idle_names(recipe, {"precision"}), IsEmpty());
}

// Checked even if not given by the user: the configuration of a run also contains them.
TEST(IdleOptions, OnlyATableHasSeveralLabelsPerPicture) {
  Recipe recipe = preset("fast");
  TrainingData data;
  EXPECT_NO_THROW(refuse_idle_options(recipe, {"labels"}, &data));
  recipe.data.labels = LabelKind::multi;
  for (const std::vector<std::string>& asked : {std::vector<std::string>{"labels"}, {}})
    EXPECT_EQ(test::error_of([&] { refuse_idle_options(recipe, asked, &data); }),
              "`labels`: multi acts only on a table of labels; use `labels` auto, or name a table");
  data.train.class_sets = {{0}};
  EXPECT_NO_THROW(refuse_idle_options(recipe, {"labels"}, &data));
}

// The head of a probe is fitted, and no layer changes.
TEST(IdleOptions, AProbeAloneFreezesEverything) {
  Recipe recipe = preset("probe");
  EXPECT_THAT(idle_names(recipe, {"frozen_bn", "freeze"}), ElementsAre("frozen_bn"));
  recipe.freeze = false;
  EXPECT_THAT(idle_names(recipe, {"freeze"}), ElementsAre("freeze"));
  recipe.epochs = 1;
  EXPECT_THAT(idle_names(recipe, {"freeze"}), IsEmpty());
}

}  // namespace
}  // namespace graft
