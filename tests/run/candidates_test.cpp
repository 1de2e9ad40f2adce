#include "graft/run/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(Candidates, AreReadAsWritten) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "candidates.csv";
  TriedCandidate failed{"probe", "resnet18", "crop"};
  failed.note = "no weights, \"none\" at hand";
  TriedCandidate tuned{"fine-tuning", "a+b", "squash", 1, 0.03, 3, 0.25, 40, 0.125, {{"acc", 0.75}}};
  tuned.difference = -0.5;
  tuned.standard_error = 0.25;
  tuned.seconds = 7;
  tuned.chosen = true;
  write_candidates(path, {failed, tuned});
  const auto rows = read_candidates(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].note, failed.note);
  EXPECT_TRUE(rows[0].metrics.empty());
  EXPECT_FALSE(rows[0].difference);
  EXPECT_EQ(rows[1].metrics, tuned.metrics);
  EXPECT_EQ(rows[1].difference, -0.5);
  EXPECT_EQ(rows[1].interpolate, 0.25);
  EXPECT_EQ(rows[1].pictures, 40);
  EXPECT_TRUE(rows[1].chosen);
  EXPECT_EQ(settings_words(rows[1]), "squash, 2 views, mean of 3 epochs, interpolated 0.25");
}

TEST(Candidates, ADamagedLineIsNamed) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "candidates.csv";
  write_candidates(path, {{"probe", "resnet18", "crop"}});
  std::string text = read_text(path);
  text.replace(text.find("probe,resnet18,crop,0"), 21, "probe,resnet18,crop,x");
  replace_file(path, text);
  EXPECT_THAT(test::error_of([&] { read_candidates(path); }), ::testing::HasSubstr("candidates.csv:2"));
}

}  // namespace
}  // namespace graft
