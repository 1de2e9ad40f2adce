#include "graft/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> warnings(const std::vector<std::string>& texts) { return font_warnings(texts); }

TEST(FontWarnings, AreEmptyForSupportedTexts) {
  EXPECT_THAT(warnings({}), IsEmpty());
  EXPECT_THAT(warnings({"ants", "bees", "été", ""}), IsEmpty());
}

TEST(FontWarnings, NameTheTextsThatNoFontSupports) {
  const std::string unassigned = "\xF3\xB0\x80\x80";  // U+F0000, private use
  EXPECT_THAT(warnings({"ants", unassigned + "x", "bees"}),
              ElementsAre(AllOf(HasSubstr("no installed font has all characters of " + unassigned + "x:"),
                                Not(HasSubstr("ants")))));
}

TEST(FontWarnings, InvalidUtf8IsSafe) {
  EXPECT_LE(warnings({"\xff\xfe", std::string("a\0b", 3), std::string(100'000, 'm')}).size(), 1U);
}

// In a separate process, because fonts are looked up once.
TEST(FontWarningsDeathTest, ReportAMissingFont) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const test::TemporaryFolder folder;
  const auto configuration = folder.write("fonts.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
  const auto look = [&] {
    ::setenv("FONTCONFIG_FILE", configuration.c_str(), 1);
    const auto found = warnings({"ants"});
    const bool right = found.size() == 1 && found[0].find("no font is installed") == 0 &&
                       found[0].find("fonts-dejavu-core") != std::string::npos;
    std::_Exit(right ? 0 : 1);
  };
  EXPECT_EXIT(look(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace graft
