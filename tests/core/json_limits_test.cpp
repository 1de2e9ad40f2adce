#include "graft/core/json_limits.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace graft {
namespace {

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + std::string(count, ']');
}

TEST(JsonDepth, CountsWhatStandsInEachOther) {
  EXPECT_FALSE(is_json_too_deep(""));
  EXPECT_FALSE(is_json_too_deep(nested(max_json_depth)));
  EXPECT_TRUE(is_json_too_deep(nested(max_json_depth + 1)));
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

using nlohmann::json;

TEST(WholeNumber, TakesWhatItsTypeHolds) {
  EXPECT_EQ(whole_number<int>(json(-5)), -5);
  EXPECT_EQ(whole_number<int>(json(2'147'483'647U)), 2'147'483'647);
  EXPECT_EQ(whole_number<std::int64_t>(json(INT64_MIN)), INT64_MIN);
}

TEST(WholeNumber, RefusesAllElse) {
  for (const char* text :
       {"2147483648", "-2147483649", "18446744073709551615", "1e44", "1.0", "\"1\"", "null", "[1]"})
    EXPECT_THROW(whole_number<int>(json::parse(text)), Error) << text;
  EXPECT_THROW(whole_number<std::int64_t>(json(UINT64_MAX)), Error);
}

}  // namespace
}  // namespace graft
