#include "graft/core/text.h"

#include <gtest/gtest.h>
#include <cstdint>

namespace graft {
namespace {

using Strings = std::vector<std::string>;

TEST(Text, JoinPutsTheSeparatorBetween) {
  EXPECT_EQ(join(Strings{}, ", "), "");
  EXPECT_EQ(join(Strings{"a"}, ", "), "a");
  EXPECT_EQ(join(Strings{"a", "b", "c"}, ", "), "a, b, c");
}

TEST(Text, LowerCaseChangesOnlyAscii) { EXPECT_EQ(to_lower_ascii("JPEG É"), "jpeg É"); }

TEST(Text, EditDistanceCountsInsertionsDeletionsAndReplacements) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("resnet18", "resnet18"), 0);
}

TEST(Text, ANearNameIsSuggestedAndAFarOneIsNot) {
  const Strings names = {"resnet18", "resnet34", "efficientnet_lite0"};
  EXPECT_EQ(nearest_name("resent18", names), "resnet18");
  EXPECT_EQ(nearest_name("vgg", names), "");
  const std::vector<std::string> verbs = {"eval", "compare", "completion"};
  EXPECT_EQ(nearest_name("evaluate", verbs), "eval");
  EXPECT_EQ(nearest_name("comp", verbs), "");  // two names have this prefix
  EXPECT_EQ(nearest_name("e", verbs), "");
  const Strings options = {"lr", "seed", "views", "freeze"};
  for (const char* short_name : {"", "x", "s", "xy", "abc"}) EXPECT_EQ(nearest_name(short_name, options), "");
  EXPECT_EQ(nearest_name("lt", options), "lr");
  EXPECT_EQ(nearest_name("sed", options), "seed");
  EXPECT_EQ(did_you_mean("efficientnet-lite0", names), "did you mean \"efficientnet_lite0\"?");
  EXPECT_EQ(did_you_mean("vgg", names), "");
}

TEST(Text, TheNearestNameMayBeInAnotherCase) {
  const Strings names = {"IMAGENET1K_V1", "default", "ants"};
  EXPECT_EQ(nearest_name("imagenet1k", names), "IMAGENET1K_V1");
  EXPECT_EQ(nearest_name("imagenet", names), "IMAGENET1K_V1");
  EXPECT_EQ(nearest_name("Ants", names), "ants");
}

TEST(Text, LongTextsAreShortenedBetweenCharacters) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "abc…");
  EXPECT_EQ(shorten("aüb", 2), "a…");
  EXPECT_EQ(shorten("\x80\x80\x80", 2), "…");
}

TEST(Text, LongListsAreShortened) {
  const Strings names = {"a", "b", "c", "d"};
  EXPECT_EQ(shorten_list(names, 4), "a, b, c, d");
  EXPECT_EQ(shorten_list(names, 2), "a, b, … and 2 more");
}

TEST(Split, GivesThePartsBetweenTheSeparators) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(split("a|b|c", '|'), (Parts{"a", "b", "c"}));
  EXPECT_EQ(split("|a||", '|'), (Parts{"", "a", "", ""}));
  EXPECT_EQ(split("", '|'), (Parts{""}));
}

TEST(FormatText, IsAsLongAsItsValues) {
  EXPECT_EQ(format_text("%5.2f %s", 1.234, "x"), " 1.23 x");
  const std::string name(1000, 'a');
  EXPECT_EQ(format_text("%s|%d", name.c_str(), 3), name + "|3");
}

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(counted(1, "epoch"), "1 epoch");
  EXPECT_EQ(counted(std::size_t{1}, "class"), "1 class");
}

TEST(Counted, OtherCountsArePlural) {
  EXPECT_EQ(counted(0, "picture"), "0 pictures");
  EXPECT_EQ(counted(std::int64_t{3}, "training picture"), "3 training pictures");
  EXPECT_EQ(counted(2, "epoch"), "2 epochs");
  EXPECT_EQ(counted(2, "class"), "2 classes");
  EXPECT_EQ(counted(2, "batch"), "2 batches");
}

}  // namespace
}  // namespace graft
