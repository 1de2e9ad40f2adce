#include "graft/run/run_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(Predictions, AreWrittenInTheFormat) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "p.csv";
  write_predictions(path, {{"val/a,b/\"1\".jpg", "a,b", "c", 0.75, 1.5}});
  EXPECT_EQ(read_text(path),
            "path,label,prediction,probability,loss\n\"val/a,b/\"\"1\"\".jpg\",\"a,b\",c,0.75,1.5\n");
}

TEST(Predictions, ReadsBackWhatItWrites) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "p.csv";
  write_predictions(path, {{"x\n\xff.png", "<b>", "ü", 1.0 / 3, std::nan("")}, {"", "", "", 0, 1e-300}});
  const auto rows = read_predictions(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].path, "x\n\xff.png");
  EXPECT_EQ(rows[0].label, "<b>");
  EXPECT_EQ(rows[0].predicted, "ü");
  EXPECT_EQ(rows[0].probability, 1.0 / 3);
  EXPECT_TRUE(std::isnan(rows[0].loss));
  EXPECT_EQ(rows[1].loss, 1e-300);
}

TEST(Predictions, OfNumbersHaveNoProbability) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "p.csv";
  write_predictions(path, {{"a.jpg", "0.25", "-3e-05", std::nullopt, 4}});
  EXPECT_EQ(read_text(path), "path,label,prediction,probability,loss\na.jpg,0.25,-3e-05,,4\n");
  const auto rows = read_predictions(path);
  EXPECT_EQ(rows.at(0).predicted, "-3e-05");
  EXPECT_FALSE(rows.at(0).probability);
}

TEST(Predictions, ABrokenLineIsNamed) {
  const test::TemporaryFolder folder;
  const auto message = [&](const std::string& text) {
    const auto path = folder.write("p.csv", text);
    const std::string words = test::error_of([&] { read_predictions(path); });
    return words.substr(words.rfind('/') + 1);
  };
  const std::string header = "path,label,prediction,probability,loss\n";
  EXPECT_EQ(message(""), "p.csv:1: does not begin with path,label,prediction,probability,loss");
  EXPECT_EQ(message("path,label\n"), "p.csv:1: does not begin with path,label,prediction,probability,loss");
  EXPECT_EQ(message(header + "a,b,c,0.5,1\na,b,c\n"), "p.csv:3: has 3 fields, not 5; restore the file");
  EXPECT_EQ(message(header + "a,b,c,half,1\n"), "p.csv:2: the probability \"half\" is not a number");
  EXPECT_EQ(message(header + "a,b,c,0.5,1x\n"), "p.csv:2: the loss \"1x\" is not a number");
  EXPECT_EQ(message(header + "a,b,c,0.5,\n"), "p.csv:2: the loss \"\" is not a number");
}

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const LabelTable two_pictures{2, {.9F, .2F, .5F, .8F}, {1, 0, 0, 1}};

TEST(LabelMetricsFile, RoundTrip) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "label_figures.csv";
  write_label_metrics(path,
                      {{"a, \"b\"", label_metrics(two_pictures)[0]}, {"c", label_metrics(two_pictures)[1]}});
  const auto rows = read_label_metrics(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "a, \"b\"");
  EXPECT_EQ(rows[0].metrics.average_precision, 1);
  EXPECT_EQ(rows[1].metrics.support, 1);
}

TEST(LabelMetricsFile, ABrokenFileIsNamedWithItsLine) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "label_figures.csv";
  const auto write = [&](const std::string& text) { replace_file(path, text); };
  const std::string header = "class,average_precision,precision,recall,f1,support\n";
  write("class,ap\n");
  EXPECT_THAT([&] { read_label_metrics(path); }, ThrowsMessage<Error>(HasSubstr(":1: does not begin")));
  write(header + "a,1,1,1,1,2\nb,1,1\n");
  EXPECT_THAT([&] { read_label_metrics(path); }, ThrowsMessage<Error>(HasSubstr(":3: has 3 fields, not 6")));
  write(header + "a,x,1,1,1,2\n");
  EXPECT_THAT([&] { read_label_metrics(path); }, ThrowsMessage<Error>(HasSubstr("\"x\" is not a number")));
}

TEST(ShownPicturesFile, RoundTrips) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "shown_pictures.csv";
  const std::string uri = "data:image/jpeg;base64,AAAA";
  write_shown_pictures(path, {{"camera 7, \xe9", 160, 120, 4000, 3000, uri}});
  const auto rows = read_shown_pictures(path);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].path, "camera 7, \xe9");
  EXPECT_EQ(rows[0].height, 120);
  EXPECT_EQ(rows[0].full_width, 4000);
  EXPECT_EQ(rows[0].jpeg, uri);
  const std::string header = "path,width,height,full_width,full_height,jpeg\n";
  for (const char* sides : {"0,1,1,1", "1,1,1e99,1", "nan,1,1,1"}) {
    replace_file(path, header + "a," + sides + ",\"" + uri + "\"\n");
    EXPECT_THAT([&] { read_shown_pictures(path); },
                ThrowsMessage<Error>(HasSubstr("is not a number of pixels")))
        << sides;
  }
  replace_file(path, header + "a,1,1,1,1,javascript:0\n");
  EXPECT_THAT([&] { read_shown_pictures(path); }, ThrowsMessage<Error>(HasSubstr("is not a JPEG")));
}

TEST(ClassesFile, HasOneClassALine) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "classes.txt";
  write_classes(path, {"ants", "bees and wasps", "\xff", "two\nlines"});
  EXPECT_EQ(read_text(path), "ants\nbees and wasps\n\xff\ntwo lines\n");
  EXPECT_EQ(read_classes(path), (std::vector<std::string>{"ants", "bees and wasps", "\xff", "two lines"}));
  // config.json has line breaks, and U+FFFD in place of the byte.
  EXPECT_EQ(read_classes(path, {"ants", "bees and wasps", "\xef\xbf\xbd", "two\nlines"}),
            (std::vector<std::string>{"ants", "bees and wasps", "\xff", "two\nlines"}));
}

const std::vector<EpochRecord> two_epochs = {
    {1, 0.001, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 1}}, 2.5},
    {2, 0.0005, std::nan(""), {{"acc", 0.5}}, 0.125, {{"acc", 0.875}, {"top5", 1.0}}, 1.5, 1.25, 0.25, 244}};

TEST(ResultsCsv, HasTheColumnsOfUltralytics) {
  const test::TemporaryFolder folder;
  write_results_csv(folder.path() / "results.csv", two_epochs);
  EXPECT_EQ(read_text(folder.path() / "results.csv"),
            "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0\n"
            "1,2.5,0.5,1,,0.25,0.001\n"
            "2,4,nan,0.875,1,0.125,5e-04\n");
}

TEST(ResultsCsv, MetricsHaveTheFieldsOfTheHistory) {
  const test::TemporaryFolder folder;
  write_metrics_csv(folder.path() / "metrics.csv", two_epochs);
  EXPECT_EQ(read_text(folder.path() / "metrics.csv"),
            "epoch,lr,train_loss,train_acc,val_loss,val_acc,val_top5,seconds,train_seconds,val_seconds,"
            "images,probe\n"
            "1,0.001,0.5,0.75,0.25,1,,2.5,,,,\n"
            "2,5e-04,nan,0.5,0.125,0.875,1,1.5,1.25,0.25,244,\n");
}

TEST(ResultsCsv, AProbeIsARowOfTheMetricsAndNoEpochOfTheResults) {
  const test::TemporaryFolder folder;
  EpochRecord probe{0, 0, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 1}}, 2};
  probe.probe = true;
  write_metrics_csv(folder.path() / "metrics.csv", {probe});
  EXPECT_THAT(read_text(folder.path() / "metrics.csv"),
              ::testing::EndsWith("\n0,,0.5,0.75,0.25,1,2,,,,true\n"));
  write_results_csv(folder.path() / "results.csv", {probe, two_epochs[0]});
  EXPECT_THAT(read_text(folder.path() / "results.csv"),
              ::testing::EndsWith("lr/pg0\n1,4.5,0.5,1,,0.25,0.001\n"));
}

TEST(ResultsCsv, WithoutAnAccuracyHasTheMetricsThatThereAre) {
  const test::TemporaryFolder folder;
  const std::vector<EpochRecord> numbers = {
      {1, 0.5, 1, {{"mae", 2}}, 3, {{"rmse", 4}, {"mae", 5}, {"r2", 0.5}}, 6}};
  write_results_csv(folder.path() / "results.csv", numbers);
  EXPECT_EQ(read_text(folder.path() / "results.csv"),
            "epoch,time,train/loss,metrics/rmse,metrics/mae,metrics/r2,val/loss,lr/pg0\n"
            "1,6,1,4,5,0.5,3,0.5\n");
  write_metrics_csv(folder.path() / "metrics.csv", numbers);
  EXPECT_EQ(
      read_text(folder.path() / "metrics.csv"),
      "epoch,lr,train_loss,train_mae,val_loss,val_rmse,val_mae,val_r2,seconds,train_seconds,val_seconds,"
      "images,probe\n"
      "1,0.5,1,2,3,4,5,0.5,6,,,,\n");
}

}  // namespace
}  // namespace graft
