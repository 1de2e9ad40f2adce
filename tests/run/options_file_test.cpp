#include "graft/run/options_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Options {
  int epochs = 1;
  double lr = 0.1;
};
inline constexpr auto options_table =
    options_of<Options>(option<&Options::epochs>(0, 100, "epochs"), option<&Options::lr>(0, 10, "rate"));

class OptionsFile : public ::testing::Test {
 protected:
  std::vector<FileOption> read(const std::string& text) {
    return read_options(folder_.write("c.json", text), options_in(options_, options_table));
  }
  // The message without the folder.
  std::string message_of(const std::string& text) {
    return test::error_of([&] { read(text); }).substr(folder_.path().string().size() + 1);
  }

  test::TemporaryFolder folder_;
  Options options_;
};

TEST_F(OptionsFile, ReadsTheMembersOfOptionsIfPresent) {
  read(R"({"lr": 0.5})");
  EXPECT_EQ(options_.lr, 0.5);
  const auto read_options = read("{\"data\": {\"epochs\": 1},\n\"options\":\n{\"epochs\":\n3}}");
  EXPECT_EQ(options_.epochs, 3);
  EXPECT_THAT(read_options.front().place, EndsWith("c.json:3"));
}

TEST_F(OptionsFile, OnlyFieldsOfARunAreAllowedBesideOptions) {
  EXPECT_EQ(message_of("{\"options\": {\"epochs\": 1},\n\"epochs\": 3}"),
            "c.json:2: \"epochs\" is beside \"options\", where options are not read; put it into "
            "\"options\"");
  EXPECT_EQ(message_of("{\"banana\": \"epochs\",\n \"options\": {}}"),
            "c.json:1: \"banana\" is beside \"options\" and is unknown; leave it out");
  EXPECT_NO_THROW(
      read(R"({"format": "graft-run", "format_version": 2, "started": "", "data": {}, "options": {},
                           "asked": {}, "resolved": {}, "preprocess": {}, "own_loss": true,
                           "own_batch_transform": true, "versions": {}})"));
}

TEST_F(OptionsFile, AnErrorNamesTheLine) {
  EXPECT_THAT(message_of("{\"epochs\": 1,\n\"lr\": 1e400}"), testing::StartsWith("c.json:2: cannot be read"));
  EXPECT_THAT(message_of("{\n\"epoch\": 1}"),
              testing::StartsWith("c.json:2: \"epoch\" is an unknown option; did you mean \"epochs\"?"));
  EXPECT_THAT(message_of("{\n\n\"lr\": 11}"), HasSubstr("c.json:3: `lr`: 11 is outside 0 to 10"));
}

}  // namespace
}  // namespace graft
