#include "graft/session/label_next.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/device/torch.h"
#include "graft/session/run.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class LabelNextTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny"); }
  LabelNextTest() {
    test::write_pictures(data_, "train", {"blue", "red"}, 4);
    test::write_pictures(data_, "val", {"blue", "red"}, 2, 4);
    test::write_pictures(pool_, "", {"new"}, 10, 20);
    train(data_.path().string(), LabelKind::automatic, "run");
  }
  void train(const std::string& data, LabelKind labels, const char* name) const {
    TrainRequest request{data};
    request.recipe = preset("feature-extract");
    request.recipe.model = "tiny";
    request.recipe.weights = "none";
    request.recipe.epochs = 1;
    request.recipe.loader.workers = 0;
    request.recipe.data.labels = labels;
    graft::Run::create(run(name), request).train();
  }
  LabelNextRequest request(std::int64_t count = 4) const {
    LabelNextRequest request{run("run"), {pool_.path().string()}, count};
    request.loader.workers = 0;
    request.feature_cache = "off";
    return request;
  }
  std::string run(const char* name) const { return (runs_.path() / name).string(); }
  static std::vector<std::string> paths(const LabelNext& result) {
    std::vector<std::string> paths;
    for (const ChosenPicture& each : result.chosen) paths.push_back(each.prediction.path);
    return paths;
  }

  test::TemporaryFolder data_, pool_, runs_;
};

TEST_F(LabelNextTest, ChoosesDifferentPicturesAndTheSameForASeed) {
  const LabelNext result = choose_next(request());
  EXPECT_EQ(result.candidates, 10U);
  const auto chosen = paths(result);
  EXPECT_EQ(std::set<std::string>(chosen.begin(), chosen.end()).size(), 4U);
  EXPECT_EQ(paths(choose_next(request())), chosen);
  for (const ChosenPicture& each : result.chosen) {
    const double p = each.prediction.top.front().probability;
    EXPECT_NEAR(*each.uncertainty, 1 - (p - (1 - p)), 1e-5);  // two classes
  }
}

TEST_F(LabelNextTest, LeavesOutThePicturesOfTheRunUnderAnyName) {
  pool_.write("new/copy.ppm", read_text(data_.path() / "train/red/2.ppm"));
  pool_.write("new/other.ppm", read_text(data_.path() / "val/blue/5.ppm"));
  const LabelNext result = choose_next(request(12));
  EXPECT_EQ(result.labelled, 2U);
  EXPECT_EQ(result.chosen.size(), 10U);
  LabelNextRequest only = request();
  only.pictures = {(data_.path() / "train").string()};
  EXPECT_THAT(test::error_of([&] { choose_next(only); }), HasSubstr("has only pictures of the run's data"));
}

TEST_F(LabelNextTest, WritesATableAndASheet) {
  OutputFiles outputs;
  const auto csv = runs_.path() / "next.csv", png = runs_.path() / "next.png";
  outputs.add("csv", csv.string(), OutputType::table, {label_next_header});
  outputs.add("grid", png.string(), OutputType::picture);
  const LabelNext result = choose_next_to_files(request(3), outputs);
  const auto lines = split(read_text(csv), '\n');
  ASSERT_EQ(lines.size(), 5U);  // the last one is empty
  EXPECT_EQ(lines[0] + "\n", label_next_header);
  EXPECT_THAT(lines[1], testing::StartsWith("1," + result.chosen[0].prediction.path + ","));
  EXPECT_TRUE(disk().info(png));
  EXPECT_THAT(to_text(result, 0), HasSubstr("uncertainty"));
}

TEST_F(LabelNextTest, SkipsUnreadablePicturesAndSaysHowManyThereAre) {
  pool_.write("new/broken.jpg", "no picture");
  std::vector<std::string> warnings;
  Observer observer;
  observer.warning = [&](const std::string& text) { warnings.push_back(text); };
  const LabelNext result = choose_next(request(50), observer);
  EXPECT_EQ(result.chosen.size(), 10U);
  ASSERT_EQ(result.bad.size(), 1U);
  EXPECT_THAT(warnings, Contains("there are only 10 pictures to choose from"));
  LabelNextRequest broken = request();
  broken.pictures = {(pool_.path() / "new/broken.jpg").string()};
  EXPECT_THAT(test::error_of([&] { choose_next(broken); }), HasSubstr("none of its pictures could be read"));
}

TEST_F(LabelNextTest, OfNumbersTheFeaturesDecide) {
  std::string table = "path,value\n";
  for (int i = 0; i < 8; ++i)
    table += "train/" + std::string(i < 4 ? "blue/" : "red/") + std::to_string(i % 4) + ".ppm," +
             std::to_string(i) + "\n";
  train(data_.write("numbers.csv", table).string(), LabelKind::number, "number");
  LabelNextRequest numbers = request();
  numbers.model = run("number");
  const LabelNext result = choose_next(numbers);
  ASSERT_EQ(result.chosen.size(), 4U);
  EXPECT_TRUE(result.chosen[0].prediction.number);
  EXPECT_FALSE(result.chosen[0].uncertainty);
}

TEST_F(LabelNextTest, OfSeveralLabelsTheLeastCertainCounts) {
  std::string table = "path,label\n";
  for (int i = 0; i < 8; ++i)
    table += "train/" + std::string(i < 4 ? "blue/" : "red/") + std::to_string(i % 4) + ".ppm," +
             std::string(i < 2   ? "a|b"
                         : i < 5 ? "a"
                                 : "b") +
             "\n";
  train(data_.write("labels.csv", table).string(), LabelKind::multi, "multi");
  LabelNextRequest several = request();
  several.model = run("multi");
  for (const ChosenPicture& each : choose_next(several).chosen) {
    EXPECT_GE(*each.uncertainty, 0);
    EXPECT_LE(*each.uncertainty, 1);
  }
}

}  // namespace
}  // namespace graft
