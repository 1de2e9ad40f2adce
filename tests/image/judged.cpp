#include "tests/image/judged.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/image/codec.h"
#include "tests/image/pixels.h"

namespace graft::test {
namespace {

// A golden case's bytes: a file, or a part of it followed by other bytes.
std::vector<std::uint8_t> bytes_of_case(const nlohmann::json& line) {
  std::vector<std::uint8_t> bytes = golden_file(line["file"]);
  if (line.contains("keep")) bytes.resize(line["keep"]);
  const std::string append = line.value("append", "");
  for (std::size_t i = 0; i < append.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(append.data() + i, append.data() + i + 2, byte, 16);
    bytes.push_back(byte);
  }
  return bytes;
}

}  // namespace

nlohmann::json judged(const nlohmann::json& line) {
  nlohmann::json result = line;
  for (const char* key : {"height", "width", "pixels", "turned", "refused"}) result.erase(key);
  const auto bytes = bytes_of_case(line);
  try {
    const Image image = decode_image(bytes, line["file"]);
    result["height"] = image.height();
    result["width"] = image.width();
    result["pixels"] = pixel_hash(image.view());
    const std::string turned = pixel_hash(decode_image(bytes, line["file"], {.exif = true}).view());
    if (turned != result["pixels"]) result["turned"] = turned;
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith(line["file"].get<std::string>() + ": "));
    EXPECT_FALSE(error.advice().empty()) << error.what();
    result["refused"] = true;
  }
  return result;
}

}  // namespace graft::test
