#include "graft/run/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/run/run_tables.h"
#include "tests/run/ten_predictions.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* run_config = R"({"format": "graft-run", "started": "2026-01-31T12:00:00Z",
    "data": {"path": "pets", "classes": ["ant", "bee", "cow"], "train": {"ant": 5, "bee": 6, "cow": 7},
             "val": {"ant": 4, "bee": 3, "cow": 3}, "val_split_off": true},
    "options": {"model": "resnet18", "preset": "finetune"}, "resolved": {"weights": "none"},
    "versions": {"graft": "0.1.0"}})";

TEST(ModelCard, DescribesTheRunFolder) {
  const test::TemporaryFolder folder;
  folder.write("config.json", run_config);
  const RunFolder run(folder.path());
  write_predictions(run.predictions_csv(), test::ten_predictions());
  append_history(run.history(), {1, 0.001, 1, {{"acc", 0.5}}, 0.8, {{"acc", 0.5}}, 1});
  append_history(run.history(), {2, 0.001, 1, {{"acc", 0.5}}, 0.75, {{"acc", 0.625}, {"top5", 1.0}}, 1});
  ModelCard card = read_model_card(run);
  card.preprocess = "centre crop of 224";
  card.python_network = "torchvision.models.resnet18(num_classes=3)";
  const std::string text = model_card_text(card);
  EXPECT_THAT(text, Not(HasSubstr("top-5")));  // always 1 of three classes
  for (const char* part :
       {"# resnet18 for 3 classes", "| architecture | resnet18 |", "| input | centre crop of 224 |",
        "| training pictures | 18 |", "| validation pictures | 10, split off the training pictures |",
        "An image classifier", "whose accuracy also selected", "| accuracy | 0.6250 |",
        "| loss (cross entropy) | 0.7500 |", "| epoch of these weights | 2 |",
        "| expected calibration error, 15 bins | 0.1900 |", "| 0 | ant | 5 | 4 | 0.6000 | 0.7500 | 0.6667 |",
        "model = torchvision.models.resnet18(num_classes=3)\n", "weights_only=True", "## Limits"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ModelCard, TheLossIsThatOfTheCalibratedWeights) {
  ModelCard card;
  card.config.classes = {"a", "b", "c", "d", "e", "f"};
  card.best = EpochRecord{1, 0.001, 1, {}, 0.1691, {{"acc", 0.75}, {"top5", 0.875}}, 1};
  card.evaluation.val = PartRecord{10, 0.1617, {{"acc", 0.75}}, {}};
  EXPECT_THAT(model_card_text(card), HasSubstr("| loss (cross entropy) | 0.1617 |"));
  EXPECT_THAT(model_card_text(card), HasSubstr("| top-5 accuracy | 0.8750 |"));
  card.evaluation.calibration = CalibrationRecord{.method = "temperature"};
  EXPECT_THAT(model_card_text(card),
              HasSubstr("| loss (cross entropy) | 0.1617 (0.1691 before calibration) |"));
}

TEST(ModelCard, OfARunWithoutMetricsSaysSo) {
  const test::TemporaryFolder folder;
  folder.write("config.json", run_config);
  const std::string text = model_card_text(read_model_card(RunFolder(folder.path())));
  EXPECT_THAT(text, HasSubstr("## Metrics\n\nNone yet.\n"));
  EXPECT_THAT(text, HasSubstr("| 2 | cow | 7 | 3 |\n"));
}

TEST(ModelCard, OfSeveralClassesAPictureHasTheMetricsOfEach) {
  const test::TemporaryFolder folder;
  folder.write("config.json", run_config);  // of a version that did not record what the labels are
  const RunFolder run(folder.path());
  append_history(run.history(), {1, 0.001, 1, {{"acc", 0.5}}, 0.25, {{"map", 0.75}, {"acc", 0.5}}, 1});
  EXPECT_THAT(model_card_text(read_model_card(run)), HasSubstr("| 2 | cow | 7 | 3 |\n"));
  write_predictions(run.predictions_csv(), {{"1.jpg", "ant|bee", "ant", 0.75, 0.5}});
  write_label_metrics(run.label_metrics(), {{"ant", {1, 0.875, 0.75, 0.5, 4}}});
  const std::string text = model_card_text(read_model_card(run));
  for (const char* part :
       {"An image classifier", "whose mean average precision also selected",
        "| mean average precision | 0.7500 |", "| pictures with every class right | 0.5000 |",
        "| loss (binary cross entropy) | 0.2500 |",
        "| 0 | ant | 5 | 4 | 1.0000 | 0.8750 | 0.7500 | 0.5000 |\n", "- It predicts yes or no"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("calibration")));
}

TEST(ModelCard, OfANumberHasItsErrorsAndNoClasses) {
  const test::TemporaryFolder folder;
  folder.write("config.json", R"({"format": "graft-run", "data": {"path": "people.csv", "labels": "number",
      "classes": ["age"], "train": {"age": 8}, "val": {"age": 4}}, "options": {"model": "resnet18"}})");
  const RunFolder run(folder.path());
  EXPECT_THAT(model_card_text(read_model_card(run)), HasSubstr("## Metrics\n\nNone yet.\n"));
  append_history(run.history(),
                 {1, 0.001, 1, {{"mae", 2}}, 0.25, {{"rmse", 1234.5678}, {"mae", 1}, {"r2", -0.5}}, 1});
  write_predictions(run.predictions_csv(),
                    {{"1", "10", "12", std::nullopt, 1}, {"2", "30", "29", std::nullopt, 1}});
  const std::string text = model_card_text(read_model_card(run));
  for (const char* part :
       {"# resnet18 for age\n\nAn image regressor made by transfer learning", "| training pictures | 8 |",
        "whose root mean squared error also selected the epoch", "| root mean squared error | 1234.57 |",
        "| mean absolute error | 1 |", "| R² | -0.5 |", "| mean error (predicted − true) | 0.5 |",
        "| true numbers | 10 to 30 |", "## Errors\n\n| validation pictures | absolute error at most |",
        "| 50 % | 1 |\n| 90 % | 2 |\n", "graft eval model.safetensors labels.csv",
        "- It predicts a number"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  for (const char* part : {"class", "ccuracy", "calibration", "entropy"})
    EXPECT_THAT(text, Not(HasSubstr(part)));
  EXPECT_THAT(text, HasSubstr("--format pth"));
  ModelCard card = read_model_card(run);
  EXPECT_THAT(text, HasSubstr("pictures like those of the validation set."));
  card.evaluation.out_of_fold = PartRecord{2, 0.5, {{"rmse", 1.5}}, {}};
  card.evaluation.folds = {{{"rmse", 1}}, {{"rmse", 2}}};
  EXPECT_THAT(model_card_text(card), HasSubstr("## Errors\n\n| pictures, out of fold | absolute"));
  EXPECT_THAT(model_card_text(card), HasSubstr("pictures like the training pictures."));
  card.has_pth = false;
  EXPECT_THAT(model_card_text(card), Not(HasSubstr("Python")));
}

TEST(ModelCard, MetricsOfPicturesThatTrainedTheStartingWeightsAreNotCalledClean) {
  const test::TemporaryFolder folder;
  folder.write("config.json", run_config);
  ModelCard card = read_model_card(RunFolder(folder.path()));
  card.evaluation.out_of_fold = PartRecord{18, 0.5, {{"acc", 0.75}}, {}};
  card.evaluation.folds = {{{"acc", 0.5}}, {{"acc", 1}}};
  card.evaluation.test = PartRecord{6, 0.5, {{"acc", 0.75}}, {}};
  EXPECT_THAT(model_card_text(card), HasSubstr("by one of 2 models that had not seen it (accuracy of"));
  EXPECT_THAT(model_card_text(card), HasSubstr("On the test pictures, which had no part in training:"));
  card.evaluation.out_of_fold->seen_before = 9;
  card.evaluation.test->seen_before = 6;
  const std::string text = model_card_text(card);
  EXPECT_THAT(
      text, HasSubstr("; the starting weights were trained on 9 of the 18 pictures: optimistic. The model"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "On the test pictures (the starting weights were trained on 6 of the 6 pictures: optimistic):"));
  EXPECT_THAT(text, Not(HasSubstr("not seen it")));
}

TEST(ModelCard, AnInvalidPredictionIsNamed) {
  const test::TemporaryFolder folder;
  folder.write("config.json", R"({"format": "graft-run", "data": {"labels": "number"}})");
  const RunFolder run(folder.path());
  write_predictions(run.predictions_csv(), {{"1", "10", "many", std::nullopt, 1}});
  EXPECT_THAT(test::error_of([&] { read_model_card(run); }),
              HasSubstr("predictions_val.csv: the prediction \"many\" is not a number"));
}

TEST(ModelCard, NamesCannotBreakItsTables) {
  const test::TemporaryFolder folder;
  folder.write("config.json", run_config);
  const RunFolder run(folder.path());
  write_classes(run.classes_file(), {"<script>|x", "a_b*", "c"});
  const std::string text = model_card_text(read_model_card(run));
  EXPECT_THAT(text, HasSubstr("| 0 | &lt;script>\\|x | 5 | 4 |"));
  EXPECT_THAT(text, HasSubstr("| 1 | a\\_b\\* | 6 | 3 |"));
  EXPECT_THAT(text, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace graft
