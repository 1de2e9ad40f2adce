// One short training run, and all uses of its results.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class Train : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    write_data_set(*folder_);
    trained_ = run_graft({"train", "--input-size", "64", data(), "--preset", "finetune", "--weights", "none",
                          "--epochs", "2", "--lr", "0.01", "--out", run(), "--json"});
  }
  static void TearDownTestSuite() { folder_.reset(); }
  void SetUp() override { ASSERT_EQ(trained_.exit_code, 0) << trained_.err; }

  static std::string data() { return folder_->path().string(); }
  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static std::string run() { return path("run"); }

  static std::unique_ptr<TemporaryFolder> folder_;
  static ProgramResult trained_;
};
std::unique_ptr<TemporaryFolder> Train::folder_;
ProgramResult Train::trained_;

TEST_F(Train, JsonIsTheOnlyTextOnStandardOutput) {
  const json result = json::parse(trained_.out);
  EXPECT_EQ(result.at("epochs"), 2);
  EXPECT_EQ(result.at("run"), run());
  EXPECT_GE(result.at("best_val_acc").get<double>(), 0);
  EXPECT_GT(result.at("seconds").get<double>(), 0);
}

TEST_F(Train, PrintsWhatTheTutorialPrints) {
  for (const char* words : {"Epoch 1/2\n----------\ntrain Loss: ", "val Loss: ", " Acc: ", "Epoch 2/2",
                            "Training complete in ", "Best val Acc: "}) {
    EXPECT_THAT(trained_.err, HasSubstr(words));
  }
}

TEST_F(Train, TheRunFolderHasEveryFile) {
  const json config = json::parse(read_text(run() + "/config.json"));
  EXPECT_EQ(config.at("options").at("epochs"), 2);
  EXPECT_EQ(config.at("options").at("momentum"), 0.9);
  EXPECT_EQ(config.at("asked").at("lr"), "0.01");
  EXPECT_EQ(config.at("data").at("classes"), json({"blue", "green", "red"}));
  EXPECT_EQ(config.at("data").at("train").at("green"), 8);
  EXPECT_TRUE(config.at("versions").contains("libtorch"));
  EXPECT_EQ(config.at("format_version"), 2);
  EXPECT_GT(config.at("resolved").at("parameters").get<int>(), 1'000'000);
  EXPECT_EQ(config.at("resolved").at("input"), 64);
  std::istringstream lines(read_text(run() + "/metrics.jsonl"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const json record = json::parse(line);
    EXPECT_EQ(record.at("epoch"), count + 1);
    EXPECT_FALSE(record.contains("probe"));
    for (const char* key : {"lr", "train_loss", "train_acc", "val_loss", "val_acc", "seconds"}) {
      EXPECT_TRUE(record.contains(key)) << key;
    }
  }
  EXPECT_EQ(count, 2);
  for (const char* name : {"/batch.png", "/predictions.png"}) {
    EXPECT_GT(read_image(run() + name).width(), 300) << name;
  }
}

TEST_F(Train, EvalAgreesWithTraining) {
  const auto evaluated = run_graft({"eval", run(), data(), "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const json result = json::parse(evaluated.out);
  EXPECT_EQ(result.at("accuracy"), json::parse(trained_.out).at("best_val_acc"));
  EXPECT_EQ(result.at("count"), 12);
  EXPECT_EQ(result.at("confusion").size(), 3U);
  EXPECT_EQ(result.at("per_class")[2].at("class"), "red");
  EXPECT_EQ(result.at("per_class")[2].at("support"), 4);
  // A folder of class folders works as well, and so does the model file instead of the run folder.
  EXPECT_EQ(
      json::parse(run_graft({"eval", run() + "/model.safetensors", path("val"), "--json"}).out).at("loss"),
      result.at("loss"));
}

TEST_F(Train, PredictNamesPicturesInTheOrderGiven) {
  const auto predicted =
      run_graft({"predict", run(), path("val/red/101.ppm"), path("val/blue"), "--jsonl", "--top-k", "3"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  std::istringstream lines(predicted.out);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    const json record = json::parse(line);
    names.push_back(std::filesystem::path(record.at("path").get<std::string>()).filename());
    ASSERT_EQ(record.at("top").size(), 3U);
    const auto& best = record.at("top")[0];
    EXPECT_EQ(best.at("class"), json({"blue", "green", "red"})[best.at("index").get<std::size_t>()]);
    EXPECT_GE(best.at("probability").get<double>(), record.at("top")[1].at("probability").get<double>());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"101.ppm", "100.ppm", "101.ppm", "102.ppm", "103.ppm"}));
}

TEST_F(Train, ARunAsWeightsPredictsLikeTheRun) {
  const std::string picture = path("val/red/101.ppm");
  const auto own = run_graft({"predict", run(), picture, "--jsonl", "--top-k", "3"});
  const auto named =
      run_graft({"predict", "--model", "resnet18", "--weights", run(), picture, "--jsonl", "--top-k", "3"});
  ASSERT_EQ(named.exit_code, 0) << named.err;
  EXPECT_EQ(named.out, own.out);
  EXPECT_THAT(run_graft({"predict", "--model", "resnet34", "--weights", run(), picture}).err,
              HasSubstr("use --model resnet18"));
}

TEST_F(Train, PredictWritesATableAndASheet) {
  const auto predicted =
      run_graft({"predict", run(), path("val"), "--csv", path("p.csv"), "--grid", path("p.png")});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_THAT(predicted.out, HasSubstr("Predicted: "));
  const std::string table = read_text(path("p.csv"));
  EXPECT_EQ(table.substr(0, table.find('\n')), "path,rank,index,class,probability,known,unknown_score");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1 + 12 * 3);
  EXPECT_GT(read_image(path("p.png")).height(), 300);
}

TEST_F(Train, AnExportedModelPredictsTheSame) {
  const auto loss = json::parse(run_graft({"eval", run(), data(), "--json"}).out).at("loss");
  ASSERT_EQ(run_graft({"export", run(), "--format", "safetensors", "--out", path("e.safetensors")}).exit_code,
            0);
  EXPECT_EQ(json::parse(run_graft({"eval", path("e.safetensors"), data(), "--json"}).out).at("loss"), loss);
  ASSERT_EQ(run_graft({"export", run(), "--format", "pth", "--out", path("e.pth")}).exit_code, 0);
  const StateDict state = read_weights(path("e.pth"));
  EXPECT_EQ(state.tensors.size(), 122U);  // resnet18's state_dict
  ASSERT_NE(state.find("fc.weight"), nullptr);
  EXPECT_EQ(state.find("fc.weight")->shape, (std::vector<std::int64_t>{3, 512}));
}

TEST_F(Train, AnExportedPthStartsAnotherRun) {
  ASSERT_EQ(run_graft({"export", run(), "--format", "pth", "--out", path("start.pth")}).exit_code, 0);
  int number = 0;
  const auto from = [&](const std::string& weights, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "train",    "--input-size",    "64",
        data(),     "--weights",       weights,
        "--preset", "feature-extract", "--epochs",
        "1",        "--out",           path("again" + std::to_string(number++))};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_graft(arguments);
  };
  // A plain file does not store the meaning of its outputs; a model file does.
  const auto plain = from(path("start.pth"));
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr("head     new, 3 classes (the file's has as many, without names"));
  EXPECT_THAT(plain.out, HasSubstr("batch norm held (--frozen-bn eval)"));
  const auto kept = from(path("start.pth"), {"--head-start", "file"});
  EXPECT_EQ(kept.exit_code, 0) << kept.err;
  EXPECT_THAT(kept.out, HasSubstr("head     the file's own, 3 classes"));
  const auto same = from(run() + "/model.safetensors");
  EXPECT_EQ(same.exit_code, 0) << same.err;
  EXPECT_THAT(same.out, HasSubstr("head     the file's own, 3 classes"));
}

TEST_F(Train, ShowDrawsTheDataAndTheModelsPredictions) {
  ASSERT_EQ(run_graft({"show", data(), "--out", path("s.png"), "--count", "4"}).exit_code, 0);
  EXPECT_GT(read_image(path("s.png")).width(), 200);
  const auto named = run_graft({"show", data(), "--model", run(), "--out", path("m.png")});
  EXPECT_EQ(named.exit_code, 0) << named.err;
  EXPECT_GT(read_image(path("m.png")).width(), 200);
}

TEST_F(Train, ADataSetWithoutValIsSplit) {
  const auto split = run_graft({"train", "--input-size", "64", path("train"), "--preset", "finetune",
                                "--weights", "none", "--model", "mobilenetv3_small_050", "--epochs", "1",
                                "--val-fraction", "0.25", "--out", path("split"), "--json"});
  ASSERT_EQ(split.exit_code, 0) << split.err;
  EXPECT_THAT(split.err,
              HasSubstr("18 training and 6 validation pictures (split off the training pictures)"));
}

TEST_F(Train, QuietPrintsNothing) {
  const auto quiet =
      run_graft({"train", "--input-size", "64", data(), "--preset", "finetune", "--weights", "none",
                 "--model", "mobilenetv3_small_050", "--epochs", "1", "--out", path("quiet"), "--quiet"});
  EXPECT_EQ(quiet.exit_code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "");
}

}  // namespace
}  // namespace graft::test
