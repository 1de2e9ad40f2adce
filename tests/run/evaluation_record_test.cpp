#include "graft/run/evaluation_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

TEST(EvaluationRecord, IsReadAsItWasWritten) {
  EvaluationRecord record;
  record.val = PartRecord{153, 0.12, {{"acc", 0.95}, {"top5", 1}}, {{"acc", {0.91, 0.97}}}};
  record.chosen = true;
  record.test = PartRecord{49, 0.08, {{"acc", 0.98}}, {{"acc", {0.89, 0.996}}}};
  record.out_of_fold = PartRecord{397, 0.096, {{"acc", 0.9546}}, {}};
  record.out_of_fold->seen_before = 40;
  record.folds = {{{"acc", 0.95}}, {{"acc", 0.97}}};
  record.num_folds = 2;
  record.repeats = 1;
  record.calibration = CalibrationRecord{"temperature", "", 1.3, 153, 0.17, 0.16, 0.05, 0.04};
  record.known = KnownRecord{"", 0.05, 3.04, 244, 153};
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "evaluation.json";
  write_evaluation(file, record);
  EXPECT_EQ(read_evaluation(file), record);
  EXPECT_THAT(read_text(file), HasSubstr("\"deviation\""));
  record.calibration = CalibrationRecord{.method = "off", .reason = "why", .pictures = 3};
  record.known = KnownRecord{.reason = "why", .false_alarm = 0.05, .held_out = 3};
  write_evaluation(file, record);
  EXPECT_EQ(read_evaluation(file), record);
  write_evaluation(file, {});
  EXPECT_EQ(read_evaluation(file), EvaluationRecord());
}

TEST(EvaluationRecord, ADamagedFileIsNamed) {
  const test::TemporaryFolder folder;
  for (const char* text :
       {"{\"val\": 3}", "{\"val\": {}}", "[", "{\"folds\": {\"models\": 1}}",
        "{\"val\": {\"pictures\": 1, \"loss\": 0, \"metrics\": {}, \"intervals\": {\"acc\": [1]}}}"}) {
    const auto file = folder.write("evaluation.json", text);
    EXPECT_THAT(test::error_of([&] { read_evaluation(file); }), HasSubstr("evaluation.json")) << text;
  }
}

TEST(EvaluationRecord, MeanAndDeviationAreThoseOfASample) {
  const std::vector<MetricValues> models = {{{"acc", 0.9}}, {{"acc", 0.94}}, {{"acc", 0.98}}};
  const MeanDeviation found = mean_deviation(models, "acc");
  EXPECT_NEAR(found.mean, 0.94, 1e-12);
  EXPECT_NEAR(found.deviation, 0.04, 1e-12);
  EXPECT_EQ(mean_deviation({{{"acc", 0.5}}}, "acc").deviation, 0);
  EXPECT_TRUE(std::isnan(mean_deviation(models, "map").mean));
}

}  // namespace
}  // namespace graft
