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

TEST(JsonDepth, CountsNesting) {
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

TEST(WholeNumber, AcceptsTheRangeOfItsType) {
  EXPECT_EQ(whole_number<int>(json(-5)), -5);
  EXPECT_EQ(whole_number<int>(json(2'147'483'647U)), 2'147'483'647);
  EXPECT_EQ(whole_number<std::int64_t>(json(INT64_MIN)), INT64_MIN);
}

TEST(WholeNumber, RefusesEverythingElse) {
  for (const char* text :
       {"2147483648", "-2147483649", "18446744073709551615", "1e44", "1.0", "\"1\"", "null", "[1]"})
    EXPECT_THROW(whole_number<int>(json::parse(text)), Error) << text;
  EXPECT_THROW(whole_number<std::int64_t>(json(UINT64_MAX)), Error);
}

JsonProblem problem_of(const std::string& text) {
  try {
    json::parse(text).at("epochs").get<int>();
  } catch (const json::exception& error) {
    return json_problem(error);
  }
  return {};
}

TEST(JsonProblem, OmitsTheLibrarysNames) {
  const JsonProblem syntax = problem_of("{\n\"epochs\": 3,,\n}");
  EXPECT_TRUE(syntax.syntax);
  EXPECT_EQ(syntax.line, ":2");
  EXPECT_TRUE(syntax.words.starts_with("syntax error while parsing object key")) << syntax.words;
  EXPECT_TRUE(problem_of("").syntax);
  const JsonProblem number = problem_of(R"({"epochs":1e999})");
  EXPECT_FALSE(number.syntax);
  EXPECT_EQ(number.line, "");
  EXPECT_EQ(number.words, "number overflow parsing '1e999'");
  EXPECT_EQ(problem_of(R"({"epoch":1})").words, "key 'epochs' not found");
  EXPECT_EQ(problem_of(R"({"epochs":"1"})").words, "type must be number, but is string");
  EXPECT_EQ(json_problem(Error("x", "is wrong")).words, "x: is wrong");
}

}  // namespace
}  // namespace graft
