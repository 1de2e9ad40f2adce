// Labels that are numbers, from a table to predictions, with the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/run/run.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class NumberProgram : public ::testing::Test {
 protected:
  // The warmth of a picture: blue 2.5, green 10, red 30 and more.
  NumberProgram() {
    for (int i = 0; i < 30; ++i) {
      const std::string name = "pictures/" + std::to_string(i) + ".ppm";
      folder_.write(name, generated_picture(i % 3, i));
      const std::string numbers[] = {"2.5", "10.0", "3" + std::to_string(i % 4) + ".25"};
      rows_ += name + "," + numbers[i % 3] + "\n";
    }
    table_ = folder_.write("warmth.csv", rows_).string();
    run_ = (folder_.path() / "run").string();
  }
  static ProgramResult graft(const std::vector<std::string>& arguments) { return run_graft(arguments); }
  // A probe, which is accurate enough for the comparison.
  ProgramResult probe(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {table_, "--labels",    "number", "--out",
                                          run_,   "--preset",    "probe",  "--feature-cache",
                                          "off",  "--precision", "fp32",   "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return train_small(arguments);
  }
  json evaluated(const std::string& model) const {
    const auto result = graft({"eval", model, table_, "--split", "all", "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out);
  }

  TemporaryFolder folder_;
  std::string rows_ = "path,warmth\n", table_, run_;
};

TEST_F(NumberProgram, TrainsEvaluatesPredictsAndReports) {
  const auto trained = probe();
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err,
              AllOf(HasSubstr("the number warmth, from 2.5 to 33.25"), HasSubstr("ridge regression"),
                    HasSubstr("RMSE: "), Not(HasSubstr("Acc: "))));
  const json summary = json::parse(trained.out);
  EXPECT_LT(summary.at("best_val_rmse").get<double>(),
            12);  // the standard deviation of the labels is above 12
  const json metrics = evaluated(run_);
  EXPECT_GT(metrics.at("r2").get<double>(), 0.5);
  EXPECT_EQ(metrics.at("count"), 30);
  EXPECT_FALSE(metrics.contains("per_class"));

  const std::string blue = (folder_.path() / "pictures/0.ppm").string();
  const std::string red = (folder_.path() / "pictures/2.ppm").string();
  const auto predicted = graft({"predict", run_, blue, red, "--jsonl", "--csv", folder_.path() / "out.csv"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  const std::size_t end = predicted.out.find('\n');
  const json first = json::parse(predicted.out.substr(0, end)),
             second = json::parse(predicted.out.substr(end));
  EXPECT_EQ(first.at("name"), "warmth");
  EXPECT_LT(first.at("number").get<double>(), second.at("number").get<double>());
  EXPECT_THAT(read_text(folder_.path() / "out.csv"),
              StartsWith("path,name,number,known,unknown_score\n" + blue + ",warmth,"));
  EXPECT_THAT(graft({"predict", run_, blue}).out, HasSubstr("Predicted: warmth "));
  EXPECT_EQ(graft({"predict", run_, blue, "--threshold", "0.5"}).exit_code, 2);
  EXPECT_EQ(graft({"predict", run_, blue, "--top-k", "3"}).exit_code, 2);

  const RunFolder run(run_);
  EXPECT_THAT(read_text(run.predictions_csv()), HasSubstr("pictures/"));
  const std::string report = read_text(run.report());
  EXPECT_THAT(report, AllOf(HasSubstr("root mean squared error"), Not(HasSubstr("Confusion matrix"))));
  EXPECT_EQ(graft({"report", run_}).exit_code, 0);
  EXPECT_EQ(graft({"show", table_, "--out", (folder_.path() / "show.png").string(), "--labels", "number",
                   "--model", run_})
                .exit_code,
            0);
  const auto shown =
      graft({"show", table_, "--out", (folder_.path() / "show.png").string(), "--model", run_});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;  // the model determines that they are numbers
  EXPECT_THAT(graft({"show", table_, "--out", (folder_.path() / "show.png").string(), "--labels", "number",
                     "--model", "mobilenetv3_small_050", "--weights", "none"})
                  .err,
              HasSubstr("--labels: number, and the model predicts classes"));
}

// In other programs the exported weights give the numbers themselves.
TEST_F(NumberProgram, ExportedWeightsAreInTheUnitOfTheTargets) {
  ASSERT_EQ(probe().exit_code, 0);
  const std::string plain = (folder_.path() / "plain.pth").string();
  ASSERT_EQ(graft({"export", run_, "--format", "pth", "--out", plain}).exit_code, 0);
  const std::string blue = (folder_.path() / "pictures/0.ppm").string();
  const auto own = graft({"predict", run_, blue, "--jsonl"});
  const double number = json::parse(own.out).at("number").get<double>();
  EXPECT_GT(number, -20);
  EXPECT_LT(number, 30);
  // With the target scale of the same data the outputs would be wrong, so the head is new.
  const auto again = probe({"--overwrite"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

TEST_F(NumberProgram, TrainsByGradientDescentAndResumes) {
  const auto stopped = train_small({table_, "--labels", "number", "--out", run_, "--preset", "finetune",
                                    "--epochs", "2", "--batch-size", "8", "--regression-loss", "huber",
                                    "--time-limit", "0.001", "--precision", "fp32"});
  ASSERT_EQ(stopped.exit_code, 0) << stopped.err;
  const auto resumed = graft({"train", "--resume", run_, "--time-limit", "0", "--json"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(json::parse(resumed.out).at("epochs"), 2);
}

TEST_F(NumberProgram, OptionsOfClassesAreRefused) {
  for (const auto& [flag, value] : {std::pair("--label-smoothing", "0.1"), {"--class-weights", "balanced"}}) {
    const auto refused = graft({"train", table_, "--labels", "number", "--out", run_, flag, value});
    EXPECT_EQ(refused.exit_code, 2) << flag;
    EXPECT_THAT(refused.err, HasSubstr("the labels are numbers"));
  }
  const auto balanced =
      graft({"train", table_, "--labels", "number", "--out", run_, "--sampling", "balanced"});
  EXPECT_EQ(balanced.exit_code, 2);
  const std::string classes = folder_.write("classes.csv", "path,label" + rows_.substr(11)).string();
  const auto of_classes = graft({"train", classes, "--out", run_, "--regression-loss", "huber"});
  EXPECT_EQ(of_classes.exit_code, 2);
  EXPECT_THAT(of_classes.err, HasSubstr("acts only on labels that are numbers"));
  EXPECT_FALSE(disk().info(run_));
}

TEST_F(NumberProgram, NumbersOutsideTheRangeOfFloatsAreRefused) {
  const auto huge = folder_.write("huge.csv",
                                  "path,label\npictures/0.ppm,1e38\npictures/1.ppm,2e39\n"
                                  "pictures/2.ppm,3e38\npictures/3.ppm,4e38\n");
  const auto refused = graft({"train", huge, "--labels", "number", "--out", run_, "--weights", "none"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("use another unit"));
}

TEST_F(NumberProgram, DataOfAnotherKindAreAnErrorThatNamesIt) {
  ASSERT_EQ(probe().exit_code, 0);
  const auto folder = graft({"eval", run_, folder_.path()});
  EXPECT_EQ(folder.exit_code, 1);
  EXPECT_THAT(folder.err, HasSubstr("only a table has numbers as labels"));
  // The column of the model's number, whatever stands beside it.
  const auto two =
      folder_.write("two.csv", "path,label,warmth\npictures/0.ppm,1000,2.5\npictures/1.ppm,2000,10\n");
  const auto evaluated = graft({"eval", run_, two, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_LT(json::parse(evaluated.out).at("rmse").get<double>(), 100);
}

TEST_F(NumberProgram, NumbersAndClassesAreNotConfused) {
  const auto trained = probe();
  ASSERT_EQ(trained.exit_code, 0);
  const auto words = folder_.write("words.csv", "path,label\npictures/0.ppm,cold\npictures/1.ppm,warm\n");
  const auto evaluated = graft({"eval", run_, words});
  EXPECT_EQ(evaluated.exit_code, 1);
  EXPECT_THAT(evaluated.err, HasSubstr("the model predicts the number \"warmth\""));
  const auto checked = graft({"check", table_, "--labels", "number", "--no-near"});
  EXPECT_THAT(checked.out,
              AllOf(HasSubstr("the number warmth: 0 kinds of problem"), Not(HasSubstr("class"))));
  EXPECT_EQ(
      json::parse(graft({"check", table_, "--labels", "number", "--no-near", "--json"}).out).at("labels"),
      "number");
  const auto again = graft({"train", table_, "--labels", "number", "--weights", run_, "--model",
                            "mobilenetv3_small_050", "--preset", "feature-extract", "--epochs", "1", "--out",
                            (folder_.path() / "next").string(), "--precision", "fp32"});
  EXPECT_THAT(again.out, AllOf(HasSubstr("head     new, 1 output"), Not(HasSubstr("1 class"))));
}

TEST_F(NumberProgram, TheBenchMeasuresEveryRow) {
  const auto measured =
      graft({"bench", table_, "--labels", "number", "--input-size", "64", "--model", "mobilenetv3_small_050",
             "--rows", "evaluate,train", "--epochs", "1", "--workers", "1", "--json"});
  EXPECT_EQ(measured.exit_code, 0) << measured.err;
  EXPECT_THAT(measured.out, AllOf(HasSubstr("\"row\":\"evaluate\""), HasSubstr("\"row\":\"train\"")));
}

TEST_F(NumberProgram, ALabelThatIsNotANumberIsNamed) {
  folder_.write("warmth.csv", rows_ + "pictures/0.ppm,warm\n");
  const auto refused = graft({"train", table_, "--labels", "number", "--out", run_});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("warmth.csv:32"), HasSubstr("\"warm\" is not a number")));
}

// Also for a table in the current folder, whose pictures have no folder in their paths.
TEST_F(NumberProgram, ARunRecognisesItsHeldOutPicturesFromAnyFolder) {
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  table_ = "warmth.csv";
  const auto trained = probe();
  std::filesystem::current_path(here);
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto held_out = graft({"eval", run_, "--json"});
  EXPECT_EQ(json::parse(held_out.out).at("split"), "val");
  EXPECT_EQ(held_out.err.find("has changed"), std::string::npos) << held_out.err;
}

TEST_F(NumberProgram, NumbersReadAsClassesAreAWarning) {
  const auto checked =
      graft({"check", folder_.write("numbers.csv", "path,label" + rows_.substr(11)), "--no-near"});
  EXPECT_THAT(checked.out + checked.err, HasSubstr("--labels number"));
}

TEST_F(NumberProgram, AHeadFromAFileFitsTheScaleOfTheNewNumbers) {
  ASSERT_EQ(probe().exit_code, 0);
  // The same pictures in another unit, given as two parts.
  std::string rows = "path,warmth,split\n";
  for (int i = 0; i < 30; ++i)
    rows += "pictures/" + std::to_string(i) + ".ppm," + std::to_string(1000 + 7 * i) +
            (i < 20 ? ",train\n" : ",val\n");
  const std::string other = folder_.write("other.csv", rows).string();
  const std::string plain = (folder_.path() / "plain.pth").string();
  ASSERT_EQ(graft({"export", run_, "--format", "pth", "--out", plain}).exit_code, 0);
  const auto eval = graft({"eval", run_, other, "--json"});
  ASSERT_EQ(eval.exit_code, 0) << eval.err;
  const double wanted = json::parse(eval.out).at("rmse").get<double>();
  for (const std::string& weights : {run_, plain}) {
    const auto trained =
        graft({"train",     "--input-size", "64",       other,       "--labels", "number",
               "--out",     run_ + "2",     "--preset", "finetune",  "--model",  "mobilenetv3_small_050",
               "--weights", weights,        "--epochs", "1",         "--lr",     "1e-12",
               "--hold-bn", "--head-start", "file",     "--workers", "1",        "--precision",
               "fp32",      "--overwrite",  "--json"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_NEAR(json::parse(trained.out).at("last_val_rmse").get<double>(), wanted, 1e-3 * wanted) << weights;
    EXPECT_THAT(trained.err, HasSubstr("head     the file's own, 1 output"));
  }
  rows.replace(rows.find("warmth"), 6, "weight");
  const auto of_another =
      graft({"train",        "--input-size", "64",          folder_.write("another.csv", rows).string(),
             "--labels",     "number",       "--out",       run_ + "4",
             "--preset",     "finetune",     "--model",     "mobilenetv3_small_050",
             "--weights",    run_,           "--epochs",    "1",
             "--head-start", "file",         "--precision", "fp32",
             "--lr",         "1e-12",        "--hold-bn"});
  EXPECT_EQ(of_another.exit_code, 0) << of_another.err;
  EXPECT_THAT(of_another.err, HasSubstr("its head predicts \"warmth\" and is kept for \"weight\""));
  const auto fresh = graft({"train", "--input-size", "64", other, "--labels", "number", "--out", run_ + "3",
                            "--preset", "finetune", "--model", "mobilenetv3_small_050", "--weights", run_,
                            "--epochs", "1", "--precision", "fp32"});
  EXPECT_THAT(fresh.out,
              HasSubstr("head     new, 1 output (the file's is for warmth; --head-start file keeps it)"));
}

TEST_F(NumberProgram, APthOfNumbersThatFloat32CannotDistinguishIsRefused) {
  std::string rows = "path,time\n";
  for (int i = 0; i < 30; ++i)
    rows += "pictures/" + std::to_string(i) + ".ppm," + std::to_string(1'000'000'000 + i) + "\n";
  table_ = folder_.write("times.csv", rows).string();
  ASSERT_EQ(probe().exit_code, 0);
  const std::string pth = (folder_.path() / "plain.pth").string();
  const auto refused = graft({"export", run_, "--format", "pth", "--out", pth});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("float32"), HasSubstr("export safetensors")));
  EXPECT_FALSE(disk().info(pth));
  const auto renamed = graft({"export", run_, "--format", "safetensors", "--names", "timm", "--out",
                              (folder_.path() / "renamed.safetensors").string()});
  EXPECT_THAT(renamed.err, AllOf(HasSubstr("export safetensors without --names"), Not(HasSubstr(".pth"))));
  EXPECT_EQ(graft({"export", run_, "--format", "safetensors", "--out", folder_.path() / "all.safetensors"})
                .exit_code,
            0);
}

// The state of a regression run that replaced a classification run and was killed before its first model.
TEST_F(NumberProgram, AModelOfAnEarlierRunOfClassesIsNamed) {
  ASSERT_EQ(probe().exit_code, 0);
  write_data_set(folder_);
  const std::string classes = (folder_.path() / "classes").string();
  ASSERT_EQ(graft({"train", "--input-size", "64", folder_.path().string(), "--preset", "probe", "--weights",
                   "none", "--model", "mobilenetv3_small_050", "--feature-cache", "off", "--precision",
                   "fp32", "--out", classes})
                .exit_code,
            0);
  std::filesystem::copy_file(run_ + "/config.json", classes + "/config.json",
                             std::filesystem::copy_options::overwrite_existing);
  folder_.write("classes/metrics.jsonl", "");
  std::filesystem::remove(RunFolder(classes).summary());
  const std::string model = RunFolder(classes).model().string();
  const auto refused_run = graft({"eval", classes, "--split", "all"});
  EXPECT_EQ(refused_run.exit_code, 1);
  EXPECT_THAT(refused_run.err, AllOf(HasSubstr("its model is from an earlier run"),
                                     HasSubstr("name the earlier model by its file, " + model)));
  for (const char* split : {"auto", "all"}) {
    const auto refused = graft({"eval", model, "--split", split});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("its model is from an earlier run"), HasSubstr("--resume " + classes),
                      HasSubstr("name pictures that have its labels: ")));
  }
}

TEST_F(NumberProgram, TheConfigurationOfNumbersIsNotForFolders) {
  ASSERT_EQ(probe().exit_code, 0);
  write_data_set(folder_);
  const auto refused = graft({"train", folder_.path().string(), "--config", run_, "--out", run_ + "2"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("number acts only on a table of labels; use --labels auto"));
}

}  // namespace
}  // namespace graft::test
