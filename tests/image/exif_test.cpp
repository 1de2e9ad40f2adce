#include "graft/image/orientation.h"

#include <gtest/gtest.h>

#include <string>

namespace graft {
namespace {

using namespace std::string_literals;

int orientation(const std::string& bytes) {
  return exif_orientation({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// A directory of one entry: tag 0x0112, one 16-bit number.
const std::string little =
    "II*\0\x08\0\0\0"
    "\1\0"
    "\x12\1\3\0\1\0\0\0\6\0\0\0"
    "\0\0\0\0"s;
const std::string big =
    "MM\0*\0\0\0\x08"
    "\0\1"
    "\1\x12\0\3\0\0\0\1\0\x08\0\0"
    "\0\0\0\0"s;

TEST(ExifOrientation, ReadsBothByteOrders) {
  EXPECT_EQ(orientation(little), 6);
  EXPECT_EQ(orientation(big), 8);
}

TEST(ExifOrientation, AcceptsTheExifPrefix) {
  EXPECT_EQ(orientation("Exif\0\0"s + little), 6);
  EXPECT_EQ(orientation("Exif\0\0Exif\0\0"s + big), 8);
}

TEST(ExifOrientation, IsFoundAfterOtherEntries) {
  const std::string two =
      "II*\0\x08\0\0\0"
      "\2\0"
      "\x0f\1\2\0\4\0\0\0abc\0"
      "\x12\1\3\0\1\0\0\0\3\0\0\0"s;
  EXPECT_EQ(orientation(two), 3);
}

TEST(ExifOrientation, IsOneIfMissing) {
  EXPECT_EQ(orientation(""), 1);
  EXPECT_EQ(orientation("Exif\0\0"s), 1);
  EXPECT_EQ(orientation("not EXIF data at all"), 1);
  EXPECT_EQ(orientation("II*\0\x08\0\0\0\0\0"s), 1);
}

TEST(ExifOrientation, IsOneForOtherValues) {
  for (const char value : {'\0', '\x09', '\xff'}) {
    std::string bytes = little;
    bytes[18] = value;
    EXPECT_EQ(orientation(bytes), 1);
  }
}

TEST(ExifOrientation, IsOneForOtherTypes) {
  for (const char type : {'\0', '\2', '\5', '\x0c'}) {
    std::string bytes = little;
    bytes[12] = type;
    EXPECT_EQ(orientation(bytes), 1);
  }
}

TEST(ExifOrientation, TakesTheFirstOfSeveralValues) {
  std::string values = little;
  values[14] = 0;
  EXPECT_EQ(orientation(values), 1);
  values[14] = 2;  // still inside the entry
  EXPECT_EQ(orientation(values), 6);
  values[14] = 3;  // at the offset in the entry
  values[18] = 26;
  EXPECT_EQ(orientation(values + "\5\0\1\0\1\0"s), 5);
  EXPECT_EQ(orientation(values), 1);
}

TEST(ExifOrientation, IsOneIfTruncated) {
  for (std::size_t size = 0; size < 20; ++size) EXPECT_EQ(orientation(little.substr(0, size)), 1) << size;
}

TEST(ExifOrientation, NeverReadsOutOfBounds) {
  for (std::size_t i = 0; i < little.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = little;
      bytes[i] = static_cast<char>(value);
      const int result = orientation(bytes);
      EXPECT_TRUE(result >= 1 && result <= 8);
    }
  }
  EXPECT_EQ(orientation("II*\0\xff\xff\xff\xff\1\0"s), 1);
}

}  // namespace
}  // namespace graft
