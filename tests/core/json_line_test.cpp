#include "graft/core/json_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

TEST(JsonLine, HasTheMembersInTheirOrder) {
  EXPECT_EQ(json_line({{"b", 1}, {"a", {"x", "ö\n"}}}), R"({"b":1,"a":["x","ö\n"]})");
}

TEST(JsonLine, InvalidUtf8HasAMemberWithItsBytes) {
  EXPECT_EQ(json_line({{"path", "a b\xe9"}, {"n", 2}}),
            "{\"path\":\"a b\xEF\xBF\xBD\",\"path_bytes\":\"a%20b%E9\",\"n\":2}");
  const Json list = {{"runs", {"x", "\xe9"}}};
  EXPECT_EQ(json_line(list), "{\"runs\":[\"x\",\"\xEF\xBF\xBD\"],\"runs_bytes\":[\"x\",\"%E9\"]}");
  const Json nested = Json::array({{{"path", "\xe9"}}});
  EXPECT_EQ(json_line(nested), "[{\"path\":\"\xEF\xBF\xBD\",\"path_bytes\":\"%E9\"}]");
}

}  // namespace
}  // namespace graft
