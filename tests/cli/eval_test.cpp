// The pictures on which `graft eval` evaluates a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/data/folder.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

// A run on class folders without a split: 8 pictures of each of three classes, 2 of each held out.
class EvalProgram : public ::testing::Test {
 protected:
  EvalProgram() {
    write_data_set(folder_);
    fs::rename(path("train"), path("pictures"));
    fs::remove_all(path("val"));
    const auto trained = run_graft({"train", "--input-size", "64", path("pictures"), "--weights", "none",
                                    "--model", "mobilenetv3_small_050", "--epochs", "1", "--out", run()});
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
    const json metrics = json::parse(result.out);
    return {metrics.at("split").get<std::string>(), metrics.at("count").get<int>()};
  }

  TemporaryFolder folder_;
};

TEST_F(EvalProgram, LabelNextChoosesAmongPicturesWithoutLabels) {
  write_pictures(folder_, "pool", {"new"}, 6, 30);
  const auto next = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"label-next", run(), "--feature-cache", "off"});
    return run_graft(more);
  };
  const auto table = next({path("pool"), path("pictures"), "--count", "3", "--csv", "-"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out,
              ::testing::StartsWith("rank,path,predicted,probability,uncertainty\n1," + path("pool")));
  EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 4);
  EXPECT_THAT(table.err, HasSubstr("24 pictures of the run's data left out"));
  EXPECT_EQ(next({path("pictures")}).exit_code, 1);
  EXPECT_EQ(next({path("pool"), "--count", "0"}).exit_code, 2);
  EXPECT_EQ(next({path("pool"), "--grid", path("pool/sheet.png")}).exit_code, 2);
  EXPECT_EQ(run_graft({"label-next", "resnet18", path("pool")}).exit_code, 2);
}

TEST_F(EvalProgram, CopiesUnderOtherNamesAreRecognisedByTheirBytes) {
  for (const auto& entry : fs::recursive_directory_iterator(path("pictures"))) {
    if (!entry.is_regular_file()) continue;
    const fs::path to = fs::path(path("elsewhere")) / entry.path().parent_path().filename();
    fs::create_directories(to);
    fs::copy_file(entry.path(), to / ("copy of " + entry.path().filename().string()));
  }
  EXPECT_THAT(run_graft({"eval", run(), path("elsewhere")}).err,
              HasSubstr("the run was trained on 18 of these 24 pictures, which lie elsewhere"));
}

TEST_F(EvalProgram, ARunContinuesOnItsClassesAndNewOnes) {
  const auto train = [&](const std::string& out) {
    return run_graft({"train", path("pictures"), "--from", run(), "--preset", "feature-extract", "--epochs",
                      "1", "--out", path(out)});
  };
  write_pictures(folder_, "pictures", {"amber"}, 8, 50);
  const auto more = train("more");
  EXPECT_EQ(more.exit_code, 0) << more.err;
  EXPECT_THAT(more.out, HasSubstr("head     3 classes of the file, 1 new"));
  fs::remove_all(path("pictures/red"));
  const auto less = train("less");
  EXPECT_EQ(less.exit_code, 2);
  EXPECT_THAT(less.err, HasSubstr("--extend-head: the data have no pictures of red"));
}

TEST_F(EvalProgram, ItsOwnDataAreEvaluatedOnTheHeldOutPictures) {
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

TEST_F(EvalProgram, MovedDataAreRecognisedAndOthersAreNot) {
  fs::rename(path("pictures"), path("moved"));
  EXPECT_EQ(measured({run(), path("moved")}), (std::pair<std::string, int>{"val", 6}));
  EXPECT_THAT(run_graft({"eval", run()}).err, HasSubstr("no longer exists"));
  folder_.write("moved/red/new.ppm", generated_picture(2, 99));
  EXPECT_EQ(measured({run(), path("moved")}), (std::pair<std::string, int>{"all", 25}));
  const auto changed = run_graft({"eval", run(), path("moved"), "--json"});
  EXPECT_EQ(json::parse(changed.out).at("trained_on"), 19);
  EXPECT_THAT(changed.err, HasSubstr("may have been trained on 19 of these 25 pictures: 6 pictures in " +
                                     path("moved") + " have the names of its held-out pictures"));
}

// As MovedDataAreRecognisedAndOthersAreNot, for data with their own validation part.
TEST_F(EvalProgram, TrainingPicturesOfMovedPartsAreCounted) {
  fs::create_directory(path("parts"));
  fs::rename(path("pictures"), path("parts/train"));
  for (const char* name : {"red/30.ppm", "blue/31.ppm", "green/32.ppm"})
    folder_.write(std::string("parts/val/") + name, generated_picture(1, 60));
  ASSERT_EQ(run_graft({"train", "--input-size", "64", path("parts"), "--weights", "none", "--model",
                       "mobilenetv3_small_050", "--epochs", "1", "--out", path("run2")})
                .exit_code,
            0);
  const auto counted = [&](const std::string& data, const std::string& part) {
    const auto result = run_graft({"eval", path("run2"), data, "--split", part, "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const json metrics = json::parse(result.out);
    return std::pair(metrics.at("trained_on").get<int>(), metrics.at("count").get<int>());
  };
  const auto expect_counts = [&](const std::string& data, int train) {
    EXPECT_EQ(counted(data, "all"), std::pair(train, train + 3)) << data;
    EXPECT_EQ(counted(data, "train"), std::pair(train, train)) << data;
    EXPECT_EQ(counted(data, "val"), std::pair(0, 3)) << data;
  };
  // beside the original, then in its place
  for (const char* name : {"same", "fewer", "more"})
    fs::copy(path("parts"), path(name), fs::copy_options::recursive);
  fs::remove(fs::directory_iterator(path("fewer/train/red"))->path());
  folder_.write("more/train/red/new.ppm", generated_picture(2, 99));
  for (int round = 0; round < 2; ++round) {
    expect_counts(path("same"), 24);
    expect_counts(path("fewer"), 23);
    expect_counts(path("more"), 25);
    fs::remove_all(path("parts"));
  }
  EXPECT_THAT(run_graft({"eval", path("run2"), path("same"), "--split", "all"}).err,
              HasSubstr("the run was trained on 24 of these 27 pictures"));
  fs::rename(path("same/val/green/32.ppm"), path("same/val/green/33.ppm"));
  fs::rename(path("same/val/red/30.ppm"), path("same/val/red/34.ppm"));
  EXPECT_EQ(counted(path("same"), "all"), std::pair(0, 27)) << "too few of its names for a copy";
}

// As MovedDataAreRecognisedAndOthersAreNot, for copies whose pictures are named otherwise than the run's.
TEST_F(EvalProgram, ChangedCopiesAreRecognisedByTheEndsOfNames) {
  const auto table_of = [&](const std::string& folder, const std::string& before, const std::string& split) {
    std::string rows = split.empty() ? "path,label\n" : "path,label,split\n";
    for (const std::string& picture : list_pictures(path(folder))) {
      const fs::path name = fs::path(picture).lexically_relative(path(folder));
      rows +=
          before + name.string() + "," + name.begin()->string() + (split.empty() ? "" : "," + split) + "\n";
    }
    return rows;
  };
  fs::create_directories(path("up"));
  fs::copy(path("pictures"), path("up/pics"), fs::copy_options::recursive);
  const std::string tables[] = {folder_.write("pictures/labels.csv", table_of("pictures", "", "")).string(),
                                folder_.write("up/labels.csv", table_of("pictures", "pics/", "")).string()};
  std::vector<std::string> runs = {run()};
  for (const std::string& table : tables) {
    runs.push_back(path("run" + std::to_string(runs.size())));
    ASSERT_EQ(run_graft({"train", "--input-size", "64", table, "--weights", "none", "--model",
                         "mobilenetv3_small_050", "--epochs", "1", "--out", runs.back()})
                  .exit_code,
              0);
  }
  fs::create_directories(path("copy"));
  fs::copy(path("pictures"), path("copy/pics"), fs::copy_options::recursive);
  fs::remove(path("copy/pics/labels.csv"));
  folder_.write("copy/pics/red/new.ppm", generated_picture(2, 99));
  const std::string copies[] = {
      path("copy/pics"),
      folder_.write("copy/pics/same.csv", table_of("copy/pics", "", "")).string(),
      folder_.write("copy/pics/dots.csv", table_of("copy/pics", "./", "")).string(),
      folder_.write("copy/pics/whole.csv", table_of("copy/pics", path("copy/pics") + "/", "")).string(),
      folder_.write("copy/pics/val.csv", table_of("copy/pics", "", "val")).string(),
      folder_.write("copy/up.csv", table_of("copy/pics", "pics/", "")).string()};
  for (const std::string& trained : runs) {
    for (const std::string& copy : copies) {
      const auto result = run_graft({"eval", trained, copy, "--json"});
      ASSERT_EQ(result.exit_code, 0) << result.err;
      EXPECT_EQ(json::parse(result.out).at("count"), 25);
      EXPECT_EQ(json::parse(result.out).at("trained_on"), 19) << trained << " on " << copy;
    }
  }
}

// However they are named: here by a table elsewhere.
TEST_F(EvalProgram, TrainingPicturesAreCounted) {
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

TEST_F(EvalProgram, ChangedDataAreEvaluatedOnlyOnKnownHeldOutPictures) {
  folder_.write("pictures/red/new.ppm", generated_picture(2, 99));
  EXPECT_EQ(measured({run(), path("pictures")}), (std::pair<std::string, int>{"val", 6}));
  EXPECT_THAT(run_graft({"eval", run()}).err,
              HasSubstr("has changed since the run was trained on it; 19 pictures"));
  fs::remove(run() + "/predictions_val.csv");
  const auto unknown = run_graft({"eval", run(), path("pictures")});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("the held-out pictures are unknown"));
  EXPECT_EQ(measured({run(), path("pictures"), "--split", "all"}), (std::pair<std::string, int>{"all", 25}));
}

// The split cannot be repeated, and only the run's list of held-out pictures is known.
TEST_F(EvalProgram, OtherPicturesOfChangedDataAreCounted) {
  std::string rows = "path,label\n";
  for (const auto& entry : fs::recursive_directory_iterator(path("pictures"))) {
    if (entry.is_regular_file())
      rows += entry.path().string() + "," + entry.path().parent_path().filename().string() + "\n";
  }
  const std::string table = folder_.write("elsewhere/labels.csv", rows).string();
  folder_.write("elsewhere/fresh.csv", "path,label\nfresh/a.ppm,red\nfresh/b.ppm,blue\n");
  folder_.write("elsewhere/fresh/a.ppm", generated_picture(2, 50));
  folder_.write("elsewhere/fresh/b.ppm", generated_picture(0, 51));
  const auto counted = [&](const std::string& data) {
    const auto result = run_graft({"eval", run(), data, "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return std::pair(json::parse(result.out).at("trained_on").get<int>(), result.err);
  };
  EXPECT_EQ(counted(table).first, 18);
  folder_.write("pictures/red/new.ppm", generated_picture(2, 99));
  const auto [more, warned] = counted(table);
  EXPECT_EQ(more, 18);
  EXPECT_THAT(warned, HasSubstr("the run may have been trained on 18 of these 24 pictures"));
  fs::create_directory(path("pictures/empty"));  // not a dataset any more
  EXPECT_EQ(counted(table).first, 18);
  EXPECT_EQ(counted(path("elsewhere/fresh.csv")).first, 0);
  fs::remove(run() + "/predictions_val.csv");
  EXPECT_EQ(counted(table).first, 24);
  EXPECT_EQ(counted(path("elsewhere/fresh.csv")).first, 0);
}

// The names do not tell such parts apart.
TEST_F(EvalProgram, PicturesOfPartsThatAreNumberedAlikeAreNotThoseOfTraining) {
  int number = 0;  // the bytes tell the pictures apart
  for (const char* part : {"train", "val", "test"}) {
    for (int i = 0; i < 3; ++i, ++number) {
      const std::string name = "/" + std::to_string(i) + ".ppm", folder = std::string("alike/") + part;
      folder_.write(folder + "/blue" + name, generated_picture(0, number));
      folder_.write(folder + "/red" + name, generated_picture(1, number));
    }
  }
  ASSERT_EQ(run_graft({"train", "--input-size", "64", path("alike"), "--weights", "none", "--model",
                       "mobilenetv3_small_050", "--epochs", "1", "--out", path("run3")})
                .exit_code,
            0);
  fs::copy(path("alike"), path("copy"), fs::copy_options::recursive);
  for (const std::vector<std::string>& data : {std::vector<std::string>{},
                                               {path("alike")},
                                               {path("alike/val")},
                                               {path("alike"), "--split", "test"},
                                               {path("copy")}}) {
    std::vector<std::string> arguments = {"eval", path("run3"), "--json"};
    arguments.insert(arguments.begin() + 2, data.begin(), data.end());
    const auto result = run_graft(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(json::parse(result.out).at("trained_on"), 0) << ::testing::PrintToString(data) << result.err;
  }
  const auto trained = run_graft({"eval", path("run3"), path("alike"), "--split", "train", "--json"});
  EXPECT_EQ(json::parse(trained.out).at("trained_on"), 6);
}

// Pictures that were moved from train/ to val/ later.
TEST_F(EvalProgram, PicturesThatMovedIntoTheValidationPartAreCounted) {
  fs::create_directory(path("parts"));
  fs::rename(path("pictures"), path("parts/train"));
  fs::create_directories(path("parts/val/red"));
  fs::rename(path("parts/train/red/2.ppm"), path("parts/val/red/2.ppm"));
  ASSERT_EQ(run_graft({"train", "--input-size", "64", path("parts"), "--weights", "none", "--model",
                       "mobilenetv3_small_050", "--epochs", "1", "--out", path("run2")})
                .exit_code,
            0);
  const auto val = run_graft({"eval", path("run2"), "--json"});
  EXPECT_EQ(json::parse(val.out).at("trained_on"), 0) << val.err;
  for (const auto& entry : fs::directory_iterator(path("parts/train/red"))) {
    fs::rename(entry.path(), path("parts/val/red") + "/" + entry.path().filename().string());
    break;
  }
  const auto moved = run_graft({"eval", path("run2"), "--json"});
  EXPECT_EQ(json::parse(moved.out).at("trained_on"), 1) << moved.err;
  EXPECT_THAT(moved.err, HasSubstr("may have been trained on 1 of these 2 pictures"));
}

// train/ and test/: the validation pictures are split from train/.
TEST_F(EvalProgram, ATestPartBesideUnsplitTrainingPicturesIsEvaluated) {
  fs::create_directory(path("parts"));
  fs::rename(path("pictures"), path("parts/train"));
  folder_.write("parts/test/blue/a.ppm", generated_picture(0, 50));
  folder_.write("parts/test/green/b.ppm", generated_picture(1, 51));
  folder_.write("parts/test/red/c.ppm", generated_picture(2, 52));
  const auto trained =
      run_graft({"train", "--input-size", "64", path("parts"), "--weights", "none", "--model",
                 "mobilenetv3_small_050", "--epochs", "1", "--out", path("run2")});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("3 pictures that had no part in training"));
  const std::pair<std::string, int> test_part{"test", 3};
  EXPECT_EQ(measured({path("run2"), "--split", "test"}), test_part);
  EXPECT_EQ(measured({path("run2"), path("parts"), "--split", "test"}), test_part);
  EXPECT_EQ(measured({path("run2")}), (std::pair<std::string, int>{"val", 6}));
  const auto without = run_graft({"eval", path("run2"), path("parts/train"), "--split", "test"});
  EXPECT_EQ(without.exit_code, 1);
}

TEST_F(EvalProgram, ARenamedClassIsAnErrorThatNamesTheModelsLabels) {
  fs::rename(path("pictures/red"), path("pictures/crimson"));
  const auto renamed = run_graft({"eval", run()});
  EXPECT_EQ(renamed.exit_code, 1);
  EXPECT_THAT(renamed.err, HasSubstr("name pictures that have the model's labels: "));
  EXPECT_THAT(renamed.err, testing::Not(HasSubstr("--split all")));
  fs::remove_all(path("pictures/crimson"));
  EXPECT_THAT(run_graft({"eval", run()}).err, HasSubstr("--split all evaluates all of it"));
  EXPECT_EQ(measured({run(), "--split", "all"}), (std::pair<std::string, int>{"all", 16}));
}

TEST_F(EvalProgram, ARecordWithoutItsDataIsNamed) {
  json config = json::parse(read_text(run() + "/config.json"));
  config.erase("data");
  folder_.write("run/config.json", config.dump());
  const auto refused = run_graft({"eval", run()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("config.json: does not record the path of the training data"));
  fs::remove(run() + "/summary.json");
  config["data"] = {{"absolute", path("pictures")}};
  folder_.write("run/config.json", config.dump());
  EXPECT_THAT(run_graft({"train", "--resume", run()}).err,
              HasSubstr("config.json: does not record the path of the training data"));
  config.erase("options");
  folder_.write("run/config.json", config.dump());
  EXPECT_THAT(run_graft({"train", "--resume", run()}).err, HasSubstr("has no \"options\""));
}

TEST_F(EvalProgram, WritesAPageAndATable) {
  const auto result = run_graft({"eval", run(), "--report", path("e.html"), "--csv", path("e.csv")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(" (95 %: "));
  const std::string page = read_text(path("e.html"));
  for (const char* part :
       {"Evaluation of ", "Confusion matrix", "Reliability", "that the run held out", "95\u00a0%: "})
    EXPECT_THAT(page, HasSubstr(part));
  const std::string table = read_text(path("e.csv"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 7);
  const std::string of_run = read_text(run() + "/predictions_val.csv");  // with other roundings
  EXPECT_EQ(table.substr(0, table.find(",0.")), of_run.substr(0, of_run.find(",0.")));
  EXPECT_EQ(run_graft({"eval", run(), "--csv", path("e.csv")}).exit_code, 0)
      << "an earlier table is replaced";
  const auto on_output = run_graft({"eval", run(), "--csv", "-"});
  EXPECT_EQ(on_output.out, table);
  EXPECT_THAT(on_output.err, HasSubstr("accuracy"));
  EXPECT_EQ(run_graft({"eval", run(), "--report", run() + "/report.html"}).exit_code, 1);
  EXPECT_EQ(run_graft({"eval", run(), "--report", path("pictures/red/x.png")}).exit_code, 2);
}

}  // namespace
}  // namespace graft::test
