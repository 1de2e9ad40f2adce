#include "graft/run/predictions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(Predictions, AreWrittenAsTheFormatSays) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "p.csv";
  write_predictions(path, {{"val/a,b/\"1\".jpg", "a,b", "c", 0.75, 1.5}});
  EXPECT_EQ(read_text(path),
            "path,label,prediction,probability,loss\n\"val/a,b/\"\"1\"\".jpg\",\"a,b\",c,0.75,1.5\n");
}

TEST(Predictions, WhatIsWrittenIsReadBack) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "p.csv";
  write_predictions(path, {{"x\n\xff.png", "<b>", "ü", 1.0 / 3, std::nan("")}, {"", "", "", 0, 1e-300}});
  const auto rows = read_predictions(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].path, "x\n\xff.png");
  EXPECT_EQ(rows[0].label, "<b>");
  EXPECT_EQ(rows[0].predicted, "ü");
  EXPECT_EQ(rows[0].probability, 1.0 / 3);
  EXPECT_TRUE(std::isnan(rows[0].loss));
  EXPECT_EQ(rows[1].loss, 1e-300);
}

TEST(Predictions, ABrokenLineIsNamed) {
  const test::TemporaryFolder folder;
  const auto message = [&](const std::string& text) {
    const auto path = folder.write("p.csv", text);
    const std::string words = test::error_of([&] { read_predictions(path); });
    return words.substr(words.rfind('/') + 1);
  };
  const std::string header = "path,label,prediction,probability,loss\n";
  EXPECT_EQ(message(""), "p.csv:1: does not begin with path,label,prediction,probability,loss");
  EXPECT_EQ(message("path,label\n"), "p.csv:1: does not begin with path,label,prediction,probability,loss");
  EXPECT_EQ(message(header + "a,b,c,0.5,1\na,b,c\n"), "p.csv:3: has 3 fields, not 5");
  EXPECT_EQ(message(header + "a,b,c,half,1\n"), "p.csv:2: the probability \"half\" is not a number");
  EXPECT_EQ(message(header + "a,b,c,0.5,1x\n"), "p.csv:2: the loss \"1x\" is not a number");
  EXPECT_EQ(message(header + "a,b,c,0.5,\n"), "p.csv:2: the loss \"\" is not a number");
}

}  // namespace
}  // namespace graft
