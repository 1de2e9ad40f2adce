#include "graft/core/base64.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

std::vector<std::uint8_t> bytes_of_text(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Base64, HasTheTestVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, codes] : vectors) {
    EXPECT_EQ(to_base64(bytes_of_text(text)), codes);
    EXPECT_EQ(from_base64(codes), bytes_of_text(text));
  }
}

TEST(Base64, EncodesMoreThanABlock) {
  std::vector<std::uint8_t> bytes((3 << 20) + 5);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Base64, RefusesOtherText) {
  for (const char* text : {"Zg=", "Zg", "Z===", "Zm9v\n", "Zm 9", "Zm9v====", "=m9v", "Zm9!"})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace graft
