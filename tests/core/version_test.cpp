#include "graft/core/version.h"

#include <gtest/gtest.h>

#include <string>

// The preprocessor can compare the numbers.
#if GRAFT_VERSION_MAJOR * 10000 + GRAFT_VERSION_MINOR * 100 + GRAFT_VERSION_PATCH < 200
#error "before 0.2.0"
#endif

namespace graft::test {
namespace {

TEST(Version, IsThatOfTheHeader) {
  EXPECT_STREQ(version(), GRAFT_VERSION);
  EXPECT_EQ(std::string(GRAFT_VERSION), std::to_string(GRAFT_VERSION_MAJOR) + "." +
                                            std::to_string(GRAFT_VERSION_MINOR) + "." +
                                            std::to_string(GRAFT_VERSION_PATCH));
}

}  // namespace
}  // namespace graft::test
