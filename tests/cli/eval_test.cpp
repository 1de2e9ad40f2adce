// Which pictures `graft eval` measures a run on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

// A run on class folders that are not divided: 8 pictures of each of three classes, 2 of each held out.
class EvalProgram : public ::testing::Test {
 protected:
  EvalProgram() {
    write_data_set(folder_);
    fs::rename(path("train"), path("pictures"));
    fs::remove_all(path("val"));
    const auto trained =
        run_graft({"train", path("pictures"), "--weights", "none", "--epochs", "1", "--out", run()});
    EXPECT_EQ(trained.exit_code, 0) << trained.err;
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string run() const { return path("run"); }
  // {split, count} of `graft eval MODEL more… --json`.
  static std::pair<std::string, int> measured(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "eval");
    arguments.push_back("--json");
    const auto result = run_graft(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    if (result.exit_code != 0) return {};
    const json figures = json::parse(result.out);
    return {figures.at("split").get<std::string>(), figures.at("count").get<int>()};
  }

  TemporaryFolder folder_;
};

TEST_F(EvalProgram, ItsOwnUndividedDataAreMeasuredWhereTheyWereHeldOut) {
  const std::pair<std::string, int> held_out{"val", 6};
  EXPECT_EQ(measured({run(), path("pictures")}), held_out);
  EXPECT_EQ(measured({run(), path("pictures") + "/"}), held_out);
  EXPECT_EQ(measured({run()}), held_out);
  EXPECT_EQ(measured({run() + "/model.safetensors", path("pictures")}), held_out);
  EXPECT_EQ(measured({run(), path("pictures"), "--split", "train"}),
            (std::pair<std::string, int>{"train", 18}));
  EXPECT_EQ(measured({run(), path("pictures"), "--split", "all"}), (std::pair<std::string, int>{"all", 24}));
  EXPECT_THAT(run_graft({"eval", run()}).out,
              HasSubstr("the 6 pictures that the run held out; the 18 that it"));
  EXPECT_EQ(run_graft({"eval", run(), "--split", "vall"}).exit_code, 2);
}

TEST_F(EvalProgram, DataThatWereMovedAreRecognisedAndOthersAreNot) {
  fs::rename(path("pictures"), path("moved"));
  EXPECT_EQ(measured({run(), path("moved")}), (std::pair<std::string, int>{"val", 6}));
  EXPECT_THAT(run_graft({"eval", run()}).err, HasSubstr("is no longer there"));
  folder_.write("moved/red/new.ppm", generated_picture(2, 99));
  EXPECT_EQ(measured({run(), path("moved")}), (std::pair<std::string, int>{"all", 25}));
  EXPECT_THAT(run_graft({"eval", run(), path("moved")}).err,
              HasSubstr("holds pictures of the same names as all that the run held out"));
}

// Whatever names them: a table elsewhere, here.
TEST_F(EvalProgram, PicturesThatWereTrainedOnAreCounted) {
  std::string rows = "path,label\n";
  for (const auto& entry : fs::recursive_directory_iterator(path("pictures"))) {
    if (entry.is_regular_file())
      rows += entry.path().string() + "," + entry.path().parent_path().filename().string() + "\n";
  }
  folder_.write("elsewhere/labels.csv", rows);
  EXPECT_THAT(run_graft({"eval", run(), path("elsewhere/labels.csv")}).err,
              HasSubstr("the run was trained on 18 of these 24 pictures"));
  fs::create_directory_symlink(path("pictures"), path("linked"));
  fs::create_directories(path("parts"));
  fs::create_directory_symlink(path("pictures"), path("parts/val"));
  EXPECT_THAT(run_graft({"eval", run(), path("parts")}).err,
              HasSubstr("the run was trained on 18 of these 24 pictures"));
}

TEST_F(EvalProgram, OfDataThatHaveChangedOnlyWhatIsKnownToBeHeldOutIsMeasured) {
  folder_.write("pictures/red/new.ppm", generated_picture(2, 99));
  EXPECT_EQ(measured({run(), path("pictures")}), (std::pair<std::string, int>{"val", 6}));
  EXPECT_THAT(run_graft({"eval", run()}).err,
              HasSubstr("has changed since the run was trained on it; 19 pictures"));
  fs::remove(run() + "/predictions_val.csv");
  const auto unknown = run_graft({"eval", run(), path("pictures")});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("which pictures it held out is not known"));
  EXPECT_EQ(measured({run(), path("pictures"), "--split", "all"}), (std::pair<std::string, int>{"all", 25}));
}

}  // namespace
}  // namespace graft::test
