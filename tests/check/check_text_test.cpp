#include <gtest/gtest.h>

#include "graft/check/check.h"

namespace graft {
namespace {

const auto flag = [](const std::string& name) { return "--" + name; };

CheckReport report_of_copies(std::size_t count) {
  CheckReport report;
  report.classes = {"ants", "bees"};
  report.pictures.resize(3);
  for (std::size_t i = 0; i < 3; ++i) report.pictures[i].path = std::to_string(i) + ".jpg";
  report.train = 2;
  report.findings = {{"copies", Severity::problem, "pictures", "remove them, or use `skip_bad`",
                      std::vector<FindingItem>(count, {{0, 2}, "the same"})}};
  return report;
}

TEST(CheckText, HasEveryFindingAndACount) {
  CheckReport report = report_of_copies(1);
  report.findings.push_back(
      {"few", Severity::note, "classes", "add more", {{{}, "ants: 2 (`few_pictures`)"}}});
  report.split = true;
  EXPECT_EQ(
      to_text(report, false, flag),
      "problem      1  pictures (copies)\n"
      "    0.jpg\n"
      "      = 2.jpg: the same\n"
      "  → remove them, or use --skip_bad\n"
      "\n"
      "note         1  classes (few)\n"
      "    ants: 2 (--few_pictures)\n"
      "  → add more\n"
      "\n"
      "2 training pictures and 1 to validate on (split off), 2 classes: 1 kind of problem, 1 kind of note\n");
}

TEST(CheckText, CountsTheTestPart) {
  CheckReport report = report_of_copies(1);
  report.train = 1;
  report.test = 1;
  EXPECT_NE(to_text(report).find("1 training picture, 1 to validate on and 1 to test, 2 classes"),
            std::string::npos);
  report.split = report.test_split = true;
  EXPECT_NE(to_text(report).find(", 1 to validate on (split off) and 1 to test (split off), 2"),
            std::string::npos);
}

TEST(CheckText, ShowsFiveItemsOrAll) {
  const CheckReport report = report_of_copies(7);
  EXPECT_NE(to_text(report).find("    … and 2 more (`all`)\n"), std::string::npos);
  EXPECT_EQ(to_text(report, true).find("…"), std::string::npos);
}

TEST(CheckText, ANumberHasItsNameAndALineEndInAPathIsEscaped) {
  CheckReport report = report_of_copies(1);
  report.labels = LabelKind::number;
  report.classes = {"age"};
  report.pictures[0].path = "a\nb.jpg";
  const std::string text = to_text(report);
  EXPECT_NE(text.find("    a\\x0ab.jpg\n"), std::string::npos);
  EXPECT_NE(text.find("1 to validate on, the number age: "), std::string::npos);
  report.classes.clear();  // of a table that was refused
  EXPECT_NE(to_text(report).find("1 to validate on, a number: "), std::string::npos);
}

TEST(CheckText, OptionsWithoutEffectAreNamed) {
  CheckReport report;
  const GivenOptions given = {
      {"val_fraction", "0.5"}, {"labels", "multi"}, {"near", "false"}, {"near_distance", "3"}};
  EXPECT_EQ(idle_check_options(report, "pictures", given),
            (std::vector<std::string>{
                "`val_fraction`: acts only where validation pictures are split off, and none were",
                "`labels`: acts only on a table of labels",
                "`near_distance`: acts only where pictures that look alike are looked for"}));
  EXPECT_EQ(
      idle_check_options(report, "pictures", {{"test_fraction", "0.5"}, {"split_seed", "1"}}),
      (std::vector<std::string>{"`test_fraction`: acts only where test pictures are split off, and none were",
                                "`split_seed`: acts only where pictures are split off, and none were"}));
  report.split = true;
  EXPECT_TRUE(idle_check_options(report, "labels.csv", {given[0], given[1], given[3]}).empty());
}

}  // namespace
}  // namespace graft
