#include "graft/run/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(RunFolder, BeginMakesTheFolderWithAnEmptyHistory) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path() / "a" / "b");
  run.begin("{}");
  EXPECT_TRUE(read_history(run.history()).empty());
}

TEST(RunFolder, BeginDropsTheOldHistoryAndKeepsTheOldModel) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  append_history(run.history(), {});
  replace_file(run.model(), "weights");
  run.begin("{}");
  EXPECT_TRUE(read_history(run.history()).empty());
  EXPECT_EQ(read_text(run.model()), "weights");
}

TEST(RunFolder, BeginRemovesTheOutputsOfAnEarlierRun) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  for (const char* name :
       {"classes.txt", "batch.png", "predictions.png", "predictions_val.csv", "metrics.csv", "results.csv",
        "model_card.md", "report.html", "curves.png", "confusion_matrix.png",
        "confusion_matrix_normalized.png", "reliability.png", "scatter.png", "label_figures.csv",
        "shown_pictures.csv", "summary.json", "checkpoint.safetensors", "report.html.12.tmp",
        "events.out.tfevents.1.host.2.0"}) {
    folder.write(name, "old");
  }
  folder.write("notes.txt", "mine");
  folder.write("notes.12.tmp", "mine");
  run.begin("{}");
  const auto left = disk().list(folder.path());
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : left) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string>{"config.json", "metrics.jsonl", "notes.12.tmp", "notes.txt"}));
}

TEST(RunFolder, AFileOfItsNameIsRefused) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.write("run", ""));
  EXPECT_THAT([&] { run.begin("{}"); },
              ThrowsMessage<Error>(HasSubstr("is a file, not a folder; choose another folder")));
}

TEST(MakeNextRunFolder, NeverReturnsAFolderTwice) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(make_next_run_folder(folder.path(), "train"), folder.path() / "train");
  EXPECT_EQ(make_next_run_folder(folder.path(), "train"), folder.path() / "train2");
  EXPECT_TRUE(disk().info(folder.path() / "train2"));
}

}  // namespace
}  // namespace graft
