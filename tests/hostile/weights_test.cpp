// tests/golden/hostile: malicious weights and archives (tools/goldens/hostile.py).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "graft/core/files.h"
#include "graft/net/archive.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"
#include "tests/support/within.h"

namespace graft {
namespace {

constexpr double max_weights_seconds = 1;
constexpr std::uint64_t most_weights_bytes = 128 << 20;

const nlohmann::json& weights_manifest() {
  static const auto parsed = nlohmann::json::parse(read_text(test::golden("hostile") / "manifest.json"));
  return parsed;
}

std::vector<std::string> weights_files() {
  std::vector<std::string> names;
  for (const auto& [name, words] : weights_manifest().items()) names.push_back(name);
  return names;
}

class HostileWeights : public testing::TestWithParam<std::string> {};

TEST_P(HostileWeights, AreRefusedByName) {
  const auto path = test::golden("hostile") / GetParam();
  const test::TemporaryFolder folder;
  std::string message;
  test::within(max_weights_seconds, most_weights_bytes, [&] {
    message = test::error_of([&] {
      if (path.extension() == ".zip") {
        unpack_zip(path, folder.path() / "set");
      } else {
        read_weights(path);
      }
    });
  });
  EXPECT_THAT(message, testing::HasSubstr(GetParam()));
  for (const std::string words : weights_manifest().at(GetParam()))
    EXPECT_THAT(message, testing::HasSubstr(words));
}

INSTANTIATE_TEST_SUITE_P(Hostile, HostileWeights, testing::ValuesIn(weights_files()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(HostileCorpus, HasAtLeastTheDocumentedSize) { EXPECT_GE(weights_manifest().size(), 130U); }

// Archives refused for names, kinds or sizes leave no files, inside the folder or outside.
TEST(HostileArchives, WriteNothing) {
  for (const auto& [name, words] : weights_manifest().items()) {
    if (!name.ends_with(".zip") || name == "more_than_it_says.zip")
      continue;  // detected only while unpacking
    const test::TemporaryFolder folder;
    EXPECT_NE(test::error_of([&] { unpack_zip(test::golden("hostile") / name, folder.path() / "a/b"); }), "");
    EXPECT_TRUE(disk().list(folder.path()).empty()) << name;
  }
}

}  // namespace
}  // namespace graft
