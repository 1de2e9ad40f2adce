#include "graft/core/hash.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

// The examples of FIPS 180-2.
constexpr const char* of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Hash, EqualsThePublishedExamples) {
  const std::vector<std::uint8_t> abc = {'a', 'b', 'c'};
  EXPECT_EQ(sha256_hex({}), of_nothing);
  EXPECT_EQ(sha256_hex(abc), of_abc);
  const test::TemporaryFolder folder;
  EXPECT_EQ(sha256_hex_of_file(folder.write("abc", "abc")), of_abc);
  EXPECT_EQ(sha256_hex_of_file(folder.write("nothing", "")), of_nothing);
}

}  // namespace
}  // namespace graft
