// The code of both tutorials, built as programs (tests/tutorial), works as described.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "graft/core/files.h"
#include "graft/net/hub.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;

class Tutorial : public ::testing::TestWithParam<const char*> {
 protected:
  static std::string page() { return std::string(GRAFT_SOURCE_DIR) + "/docs/" + GetParam() + ".md"; }
};

TEST_P(Tutorial, ItsCodeTrainsAndPredicts) {
  if (!disk().info(hub_checkpoints() / "efficientnet_lite0-57934424.pth"))
    GTEST_SKIP() << "run `make setup` for EfficientNet-Lite0's weights";
  const TemporaryFolder folder;
  write_pictures(folder, "data/train", {"blue", "red"}, 4);
  write_pictures(folder, "data/val", {"blue", "red"}, 2, 4);
  folder.write("mine.jpg", generated_picture(0, 9));  // the format does not depend on the name
  const auto result = run_command(
      {std::string(GRAFT_BINARY_DIR) + "/tests/tutorial/" + GetParam(), "data", "efficientnet_lite0", "1"},
      {}, folder.path().string());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* words : {"val Loss: ", "Best val Acc: ", "blue: ", " %"})
    EXPECT_THAT(result.out, HasSubstr(words));
  for (const char* picture : {"batch.png", "predictions.png"})
    EXPECT_TRUE(disk().info(folder.path() / picture));
  for (const char* model : {"finetune.safetensors", "extract.safetensors"})
    EXPECT_GT(read_weights(folder.path() / model).tensors.size(), 100U);
}

TEST_P(Tutorial, ItsFilesExist) {
  const std::string text = read_text(page());
  static const std::regex link("\\]\\(([^):]+)\\)");
  int links = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match, ++links)
    EXPECT_TRUE(disk().info(std::filesystem::path(page()).parent_path() / (*match)[1].str())) << (*match)[1];
  EXPECT_GT(links, 4);
}

INSTANTIATE_TEST_SUITE_P(Pages, Tutorial, ::testing::Values("tutorial", "tutorial.zh"));

// The Chinese page marks links to English pages.
TEST(TutorialInChinese, MarksPagesInEnglish) {
  const std::string text = read_text(GRAFT_SOURCE_DIR "/docs/tutorial.zh.md");
  static const std::regex link("\\]\\(([^)]+(?:\\.md|\\.html|/\\d+))\\)(.{0,12})");
  int links = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match) {
    if ((*match)[1] == "tutorial.md") continue;  // "English: …"
    ++links;
    EXPECT_THAT((*match)[2].str(), HasSubstr("英文")) << (*match)[0];
  }
  EXPECT_EQ(links, 4);
}

}  // namespace
}  // namespace graft::test
