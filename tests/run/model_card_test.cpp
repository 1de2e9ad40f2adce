#include "graft/run/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/run/run_tables.h"
#include "tests/run/ten_predictions.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* config = R"({"format": "graft-run", "started": "2026-01-31T12:00:00Z",
    "data": {"path": "pets", "classes": ["ant", "bee", "cow"], "train": {"ant": 5, "bee": 6, "cow": 7},
             "val": {"ant": 4, "bee": 3, "cow": 3}, "val_split_off": true},
    "options": {"model": "resnet18", "preset": "finetune"}, "resolved": {"weights": "none"},
    "versions": {"graft": "0.1.0"}})";

TEST(ModelCard, TellsWhatTheRunFolderHolds) {
  const test::TemporaryFolder folder;
  folder.write("config.json", config);
  const RunFolder run(folder.path());
  write_predictions(run.predictions_csv(), test::ten_predictions());
  append_history(run.history(), {1, 0.001, 1, 0.5, 0.8, 0.5, 1});
  append_history(run.history(), {2, 0.001, 1, 0.5, 0.75, 0.625, 1, 1.0});
  ModelCard card = read_model_card(run);
  card.preprocess = "centre crop of 224";
  card.python_network = "torchvision.models.resnet18(num_classes=3)";
  const std::string text = model_card_text(card);
  for (const char* part :
       {"# resnet18 for 3 classes", "| architecture | resnet18 |", "| input | centre crop of 224 |",
        "| training pictures | 18 |", "| validation pictures | 10, split off the training pictures |",
        "| accuracy | 0.6250 |", "| top-5 accuracy | 1.0000 |", "| epoch of these weights | 2 |",
        "| expected calibration error, 15 bins | 0.1900 |", "| 0 | ant | 5 | 4 | 0.6000 | 0.7500 | 0.6667 |",
        "model = torchvision.models.resnet18(num_classes=3)\n", "weights_only=True", "## Limits"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ModelCard, OfARunWithoutFiguresSaysSo) {
  const test::TemporaryFolder folder;
  folder.write("config.json", config);
  const std::string text = model_card_text(read_model_card(RunFolder(folder.path())));
  EXPECT_THAT(text, HasSubstr("## Figures\n\nNone yet.\n"));
  EXPECT_THAT(text, HasSubstr("| 2 | cow | 7 | 3 |\n"));
}

TEST(ModelCard, NamesTheLossOfTheLabels) {
  const test::TemporaryFolder folder;
  folder.write("config.json", config);
  ModelCard card = read_model_card(RunFolder(folder.path()));
  card.best = EpochRecord{.epoch = 1, .val_loss = 0.25};
  EXPECT_THAT(model_card_text(card), HasSubstr("| loss (cross entropy) | 0.2500 |"));
  card.best->val_map = 0.5;
  EXPECT_THAT(model_card_text(card), HasSubstr("| loss (binary cross entropy) | 0.2500 |"));
}

TEST(ModelCard, NamesCannotBreakItsTables) {
  const test::TemporaryFolder folder;
  folder.write("config.json", config);
  const RunFolder run(folder.path());
  write_classes(run.classes_file(), {"<script>|x", "a_b*", "c"});
  const std::string text = model_card_text(read_model_card(run));
  EXPECT_THAT(text, HasSubstr("| 0 | &lt;script>\\|x | 5 | 4 |"));
  EXPECT_THAT(text, HasSubstr("| 1 | a\\_b\\* | 6 | 3 |"));
  EXPECT_THAT(text, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace graft
