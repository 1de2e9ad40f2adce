#include "graft/serve/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(Access, TokensAreTheLinesOfAFile) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("tokens", "# comment\n  one \r\n\ntwo words\n");
  EXPECT_EQ(tokens_of(file.string()), (std::vector<std::string>{"one", "two words"}));
  EXPECT_THAT(test::error_of([&] { tokens_of(folder.write("none", "\n# a\n").string()); }),
              ::testing::HasSubstr("has no token"));
  EXPECT_THAT(test::error_of([&] { tokens_of((folder.path() / "missing").string()); }),
              ::testing::HasSubstr("missing"));
}

TEST(Access, ARequestNeedsOneOfThem) {
  const std::vector<std::string> tokens = {"one", "two words"};
  EXPECT_TRUE(is_authorized("Bearer one", tokens));
  EXPECT_TRUE(is_authorized("bearer two words", tokens));
  EXPECT_TRUE(is_authorized("Bearer   one", tokens));
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Bearer on", "Bearer one ", "Bearer onee", "Basic one", "one"})
    EXPECT_FALSE(is_authorized(wrong, tokens)) << wrong;
}

}  // namespace
}  // namespace graft
