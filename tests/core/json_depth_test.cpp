#include "graft/core/json_depth.h"

#include <gtest/gtest.h>

#include <string>

namespace graft {
namespace {

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + std::string(count, ']');
}

TEST(JsonDepth, CountsWhatStandsInEachOther) {
  EXPECT_FALSE(is_json_too_deep(""));
  EXPECT_FALSE(is_json_too_deep(nested(most_json_depth)));
  EXPECT_TRUE(is_json_too_deep(nested(most_json_depth + 1)));
  EXPECT_TRUE(is_json_too_deep(std::string(100'000, '[')));
  std::string beside = "[";
  for (int i = 0; i < 1000; ++i) beside += "{\"a\":[]},";
  EXPECT_FALSE(is_json_too_deep(beside + "1]"));
}

TEST(JsonDepth, BracketsInTextsAreText) {
  EXPECT_FALSE(is_json_too_deep("\"" + std::string(1000, '[') + "\""));
  EXPECT_FALSE(is_json_too_deep(R"("\")" + std::string(1000, '[') + "\""));
  EXPECT_TRUE(is_json_too_deep(R"("\\")" + std::string(1000, '[') + "\""));
}

}  // namespace
}  // namespace graft
