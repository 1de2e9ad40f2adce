#include "graft/run/json_numbers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace graft {
namespace {

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
