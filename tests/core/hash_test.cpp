#include "graft/core/hash.h"

#include <gtest/gtest.h>
#include <string>

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
  const std::vector<std::span<const std::uint8_t>> parts = {{abc.data(), 1}, {}, {abc.data() + 1, 2}};
  EXPECT_EQ(sha256_hex_of_parts(parts), of_abc);
  EXPECT_EQ(sha256_hex_of_parts({}), of_nothing);
  const test::TemporaryFolder folder;
  EXPECT_EQ(sha256_hex_of_file(folder.write("abc", "abc")), of_abc);
  EXPECT_EQ(sha256_hex_of_file(folder.write("nothing", "")), of_nothing);
}

// RFC 3720, appendix B.4; "123456789" has the check value of the CRC catalogue (CRC-32/ISCSI).
TEST(Crc32c, EqualsThePublishedValues) {
  std::string rising, falling;
  for (int i = 0; i < 32; ++i) {
    rising += static_cast<char>(i);
    falling += static_cast<char>(31 - i);
  }
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(rising), 0x46DD794EU);
  EXPECT_EQ(crc32c(falling), 0x113FDB5CU);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(""), 0U);
}

// tensorboard.compat.tensorflow_stub.pywrap_tensorflow.masked_crc32c(b"123456789")
TEST(Crc32c, IsMaskedAsTensorFlowDoes) { EXPECT_EQ(masked_crc32c("123456789"), 0xC78AB0E5U); }

}  // namespace
}  // namespace graft
