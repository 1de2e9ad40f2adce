#include "graft/net/http.h"

#include <gtest/gtest.h>

#include <string>

namespace graft {
namespace {

TEST(ContentRange, HasTheFirstByte) {
  EXPECT_EQ(content_range_start("Content-Range: bytes 100-199/200\r\n"), 100U);
  EXPECT_EQ(content_range_start("content-range:bytes 0-0/*"), 0U);
  EXPECT_EQ(content_range_start("CONTENT-RANGE: bytes 18446744073709551615-"), UINT64_MAX);
}

TEST(ContentRange, IsEmptyForOtherHeaders) {
  for (const std::string line :
       {"", "Content-Length: 100-199", "Content-Range:", "Content-Range: bytes */200",
        "Content-Range: bytes 100", "Content-Range: bytes 18446744073709551616-",
        "Content-Range: bytes 1 00-"}) {
    EXPECT_EQ(content_range_start(line), std::nullopt) << line;
  }
}

}  // namespace
}  // namespace graft
