#include "graft/weights/names.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(Names, PrintableIsShortAndPlain) {
  EXPECT_EQ(printable("fc.weight"), "fc.weight");
  EXPECT_EQ(printable("a\x1b[2J\n"), "a?[2J?");
  EXPECT_EQ(printable(std::string(300, 'x')), std::string(100, 'x') + "…");
}

}  // namespace
}  // namespace graft
