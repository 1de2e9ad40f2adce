// Files written by PyTorch and the safetensors library (tools/goldens/weights.py), intact and damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/one_file_disk.h"

#include "tests/support/test_data.h"

namespace graft {
namespace {

using nlohmann::json;

const json& manifest() {
  static const json parsed = json::parse(read_text(test::golden("weights") / "manifest.json"));
  return parsed;
}

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& [name, expected] : manifest().items()) names.push_back(name);
  return names;
}

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 0xF];
  }
  return text;
}

json described(const StateDict& state) {
  json tensors = json::array();
  for (const auto& [name, tensor] : state.tensors) {
    tensors.push_back({{"name", name},
                       {"dtype", to_string(tensor.dtype)},
                       {"shape", tensor.shape},
                       {"hex", hexadecimal(tensor.bytes)}});
  }
  return tensors;
}

class GoldenWeights : public testing::TestWithParam<std::string> {};

TEST_P(GoldenWeights, AreReadBitForBitOrRefused) {
  const auto path = test::golden("weights") / GetParam();
  const json& expected = manifest().at(GetParam());
  if (expected.contains("tensors")) {
    EXPECT_EQ(described(read_weights(path)), expected["tensors"]);
    return;
  }
  const std::string message = test::error_of([&] { read_weights(path); });
  for (const std::string words : expected["refused"]) EXPECT_THAT(message, testing::HasSubstr(words));
}

// Reading a file that is truncated anywhere, or with any one byte changed, gives a value or an Error.
// (Sanitizers show that it also reads nothing outside the file.)
TEST_P(GoldenWeights, DamageIsAnErrorAtWorst) {
  const auto whole = disk().read(test::golden("weights") / GetParam(), 1 << 20);
  test::OneFileDisk damaged;
  const ScopedDisk scope(damaged);
  const auto is_read = [] { return test::error_of([] { described(read_weights("damaged")); }).empty(); };
  const std::size_t step = 1 + whole.size() / 1000;  // every byte of the smaller files
  for (std::size_t length = 0; length < whole.size(); length += step) {
    damaged.contents.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(is_read()) << length;
  }
  std::size_t still_read = 0;
  for (std::size_t i = 0; i < whole.size(); i += step) {
    for (const std::uint8_t change : {0x01, 0x80, 0xFF}) {
      damaged.contents = whole;
      damaged.contents[i] = static_cast<std::uint8_t>(whole[i] ^ change);
      still_read += is_read() ? 1 : 0;
    }
  }
  // Some bytes are unused (padding) or change a value; none makes a refused file readable.
  const bool refused = manifest().at(GetParam()).contains("refused");
  EXPECT_LE(still_read, refused ? 0 : 2 * whole.size() / step);
}

INSTANTIATE_TEST_SUITE_P(Weights, GoldenWeights, testing::ValuesIn(files()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

}  // namespace
}  // namespace graft
