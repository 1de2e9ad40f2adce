// Multi-label data from a table to predictions, and a learning-rate search, with the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/run/run.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class MultiLabelProgram : public ::testing::Test {
 protected:
  // Blue pictures are "cold", green ones both, red ones "warm"; one is neither.
  MultiLabelProgram() {
    std::string rows = "path,label,split\n";
    for (int i = 0; i < 30; ++i) {
      const std::string name = "pictures/" + std::to_string(i) + ".ppm";
      folder_.write(name, generated_picture(i % 3, i));
      const char* labels[] = {"cold", "warm|cold", "warm"};
      rows += name + "," + (i == 29 ? "" : labels[i % 3]) + "," + (i < 18 ? "train" : "val") + "\n";
    }
    table_ = folder_.write("labels.csv", rows).string();
    run_ = (folder_.path() / "run").string();
  }
  static ProgramResult graft(const std::vector<std::string>& arguments) { return run_graft(arguments); }
  ProgramResult train(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {table_,     "--out",    run_,           "--overwrite",
                                          "--preset", "finetune", "--batch-size", "6"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return train_small(arguments);
  }

  TemporaryFolder folder_;
  std::string table_, run_;
};

TEST_F(MultiLabelProgram, TrainsEvaluatesPredictsAndReports) {
  const auto trained = train({"--epochs", "2", "--precision", "fp32", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("2 classes, any number per picture: cold, warm"));
  EXPECT_THAT(trained.err, HasSubstr(" mAP: "));
  const json summary = json::parse(trained.out);
  const auto evaluated = graft({"eval", run_, table_, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const json metrics = json::parse(evaluated.out);
  EXPECT_NEAR(metrics.at("map").get<double>(), summary.at("best_val_map").get<double>(), 1e-9);
  EXPECT_EQ(metrics.at("per_class")[0].at("class"), "cold");
  EXPECT_EQ(metrics.at("per_class")[0].at("support"), 8);
  EXPECT_EQ(metrics.at("count"), 12);
  EXPECT_THAT(graft({"eval", run_, table_}).out, StartsWith("mAP "));

  EXPECT_EQ(graft({"predict", run_, table_, "--top-k", "1", "--threshold", "0"}).exit_code, 2);
  const auto predicted = graft({"predict", run_, folder_.path() / "pictures", "--jsonl", "--threshold", "0"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  const json first = json::parse(predicted.out.substr(0, predicted.out.find('\n')));
  EXPECT_EQ(first.at("labels").size(), 2U);
  EXPECT_EQ(first.at("top").size(), 2U);
  EXPECT_THAT(graft({"predict", run_, folder_.path() / "pictures/0.ppm", "--threshold", "1"}).out,
              HasSubstr("Predicted: nothing"));

  const RunFolder run(run_);
  EXPECT_THAT(read_text(run.label_metrics()), StartsWith("class,average_precision,precision"));
  EXPECT_THAT(read_text(run.predictions_csv()), HasSubstr(",cold|warm,"));
  const std::string report = read_text(run.report());
  EXPECT_THAT(report, HasSubstr("Best validation mean average precision"));
  EXPECT_THAT(report, HasSubstr("<dt>Training pictures</dt><dd>18<"));
  EXPECT_THAT(report, HasSubstr("<dt>Validation pictures</dt><dd>12<"));
  EXPECT_THAT(report, HasSubstr("average precision"));
  EXPECT_THAT(report, ::testing::Not(HasSubstr("Confusion matrix")));
  EXPECT_THAT(read_text(run.model_card()), HasSubstr("mean average precision"));
  EXPECT_EQ(graft({"report", run_}).exit_code, 0);
  EXPECT_EQ(
      graft({"show", table_, "--out", (folder_.path() / "show.png").string(), "--model", run_}).exit_code, 0);
  // None of these rows has several labels, but the model is multi-label.
  const std::string few =
      folder_.write("few.csv", "path,label\npictures/0.ppm,cold\npictures/29.ppm,\n").string();
  const auto shown = graft({"show", few, "--out", (folder_.path() / "few.png").string(), "--model", run_});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
}

TEST_F(MultiLabelProgram, ResumesWithTheSameLabelsOnly) {
  const auto stopped = train({"--epochs", "3", "--time-limit", "0.001"});
  ASSERT_EQ(stopped.exit_code, 0) << stopped.err;
  std::string rows = read_text(table_);
  const auto at = rows.find("warm|cold");
  replace_file(table_, rows.replace(at, 9, "warm"));
  const auto other = graft({"train", "--resume", run_, "--time-limit", "0"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("cold 12 → 11"));
}

TEST_F(MultiLabelProgram, BalancedSamplingIsRefusedBeforeAFolderIsMade) {
  const auto refused = graft({"train", table_, "--out", run_, "--sampling", "balanced", "--weights", "none"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("one class per picture"));
  EXPECT_FALSE(disk().info(run_));
}

TEST_F(MultiLabelProgram, ComparisonsNameTheMetricAndTheWeights) {
  const auto compared = graft({"compare", "--input-size", "64", table_, "--models",
                               "mobilenetv3_small_050=none", "--workers", "1", "--json"});
  ASSERT_EQ(compared.exit_code, 0) << compared.err;
  const auto twice =
      graft({"compare", table_, "--models", "mobilenetv3_small_050=none,mobilenetv3_small_050=none"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err,
              HasSubstr("--models: \"mobilenetv3_small_050\" is named twice with the same weights"));
  const json row = json::parse(compared.out).at("models")[0];
  EXPECT_EQ(row.at("weights"), "none");
  EXPECT_TRUE(row.contains("val_map"));
  EXPECT_FALSE(row.contains("val_acc"));
  const auto nameless = graft({"compare", table_, "--models", "mobilenetv3_small_050="});
  EXPECT_EQ(nameless.exit_code, 2);
  EXPECT_THAT(nameless.err, HasSubstr("names no weights"));
}

TEST_F(MultiLabelProgram, AValidationPartWithoutLabelsIsAnError) {
  const std::string table = folder_
                                .write("bare.csv",
                                       "path,label,split\npictures/0.ppm,cold|warm,train\n"
                                       "pictures/1.ppm,warm,train\npictures/2.ppm,,val\n")
                                .string();
  const auto trained = graft({"train", "--input-size", "64", table, "--weights", "none", "--model",
                              "mobilenetv3_small_050", "--out", run_});
  EXPECT_EQ(trained.exit_code, 1);
  EXPECT_THAT(trained.err, HasSubstr("no validation picture has a label"));
}

TEST_F(MultiLabelProgram, TheBenchMeasuresTheEvaluation) {
  const auto measured = graft({"bench", table_, "--input-size", "64", "--model", "mobilenetv3_small_050",
                               "--rows", "evaluate", "--epochs", "1", "--workers", "1", "--json"});
  EXPECT_EQ(measured.exit_code, 0) << measured.err;
  EXPECT_THAT(measured.out, HasSubstr("\"row\":\"evaluate\""));
}

TEST_F(MultiLabelProgram, AThresholdNeedsAMultiLabelModel) {
  write_data_set(folder_);
  const auto trained = graft({"train", "--input-size", "64", folder_.path().string(), "--out", run_,
                              "--overwrite", "--preset", "finetune", "--model", "mobilenetv3_small_050",
                              "--weights", "none", "--epochs", "1", "--workers", "1"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto predicted = graft({"predict", run_, folder_.path() / "pictures/0.ppm", "--threshold", "0.3"});
  EXPECT_EQ(predicted.exit_code, 2);
  EXPECT_THAT(predicted.err, HasSubstr("--threshold"));
  // test-time augmentation changes the predictions, but not the number of pictures
  const auto plain = json::parse(graft({"eval", run_, folder_.path().string(), "--json"}).out);
  const auto flipped =
      json::parse(graft({"eval", run_, folder_.path().string(), "--json", "--tta", "flip"}).out);
  const auto cropped =
      json::parse(graft({"eval", run_, folder_.path().string(), "--json", "--tta", "crops"}).out);
  EXPECT_EQ(plain.at("count"), cropped.at("count"));
  EXPECT_NE(plain.at("loss"), flipped.at("loss"));
  EXPECT_NE(flipped.at("loss"), cropped.at("loss"));
  EXPECT_EQ(graft({"eval", run_, folder_.path().string(), "--tta", "crops", "--fit", "pad"}).exit_code, 2);
}

TEST_F(MultiLabelProgram, FindsALearningRate) {
  const std::string plot = (folder_.path() / "lr.png").string(), csv = (folder_.path() / "lr.csv").string();
  const auto found = graft({"find-lr",   table_, "--model",      "mobilenetv3_small_050",
                            "--weights", "none", "--batch-size", "4",
                            "--workers", "1",    "--from",       "1e-5",
                            "--to",      "1",    "--steps",      "20",
                            "--plot",    plot,   "--csv",        csv,
                            "--json"});
  ASSERT_EQ(found.exit_code, 0) << found.err;
  const double lr = json::parse(found.out).at("lr");
  EXPECT_EQ(json::parse(found.out).at("csv"), csv);
  EXPECT_GE(lr, 1e-5);
  EXPECT_LE(lr, 1);
  EXPECT_THAT(read_text(plot), StartsWith("\x89PNG"));
  EXPECT_THAT(read_text(csv), StartsWith("lr,loss,smoothed\n1e-05,"));
  EXPECT_EQ(graft({"find-lr", table_, "--from", "2", "--to", "1"}).exit_code, 2);
}

}  // namespace
}  // namespace graft::test
