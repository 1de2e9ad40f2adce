#include "graft/run/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace graft {
namespace {

// RFC 3720, appendix B.4; "123456789" is the check value of the catalogue of CRCs (CRC-32/ISCSI).
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
