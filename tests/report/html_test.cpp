#include "graft/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "graft/run/evaluation_record.h"
#include "tests/report/a_run.h"

namespace graft {
namespace {

using test::RunOnDisk;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t number = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++number;
  return number;
}

TEST(Html, OfAWholeRunHasEverySection) {
  const RunOnDisk disk;
  disk.add_epochs(3);
  disk.add_predictions({"ant", "bee", "cow"});
  disk.add_sheets();
  disk.add_model();
  const std::string page = report_html(read_run(disk.run()));
  for (const char* id :
       {"training", "confusion", "classes", "reliability", "mistakes", "pictures", "settings", "usage"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + id + "\""));
    EXPECT_THAT(page, HasSubstr(std::string("<a href=\"#") + id + "\""));
  }
  for (const char* part :
       {"76.7\u00a0%", "The validation pictures by true class", "The validation pictures of each class",
        "This chart is of the validation pictures.", "The only wrong prediction.", "epoch 3 of 3", "0.2667",
        "<dd>24<small>8 of each class</small>", "resnet18", "batch_size", "<td>command line</td>",
        "predicted cow", "<td class=\"number\">8</td>", "torch.load", "9.0 s"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_EQ(count(page, "<tr class=\"marked\">"), 1U);
  EXPECT_THAT(page, HasSubstr("<span class=\"best\">best</span> 3</th>"));
  EXPECT_EQ(count(page, "<figure>"), 1U + 4U);  // a mistake, and four least confident predictions
  EXPECT_EQ(count(page, "<img "), 5U + 2U);
  EXPECT_EQ(count(page, "alt=\""), count(page, "<img "));
  EXPECT_THAT(page, Not(HasSubstr("class=\"notice\"")));
  EXPECT_THAT(page, Not(HasSubstr("--resume")));
  EXPECT_THAT(page, HasSubstr("Made by graft from the run folder."));
}

// Six pictures of each class, of which the first ant has the outputs of a bee.
TEST(Html, OfACrossValidationShowsLabelsThatAreProbablyWrong) {
  const RunOnDisk disk({"ant", "bee"});
  disk.add_epochs(1);
  Outcomes outcomes;
  std::vector<PredictionRow> rows;
  for (int i = 0; i < 12; ++i) {
    const bool like_ant = i > 0 && i < 6;
    rows.push_back({std::to_string(i) + ".png", i < 6 ? "ant" : "bee", like_ant ? "ant" : "bee", 0.95, 0.05});
    outcomes.outcomes.push_back({});
    outcomes.outputs.insert(outcomes.outputs.end(), {like_ant ? 3.0F : 0.0F, like_ant ? 0.0F : 3.0F});
  }
  write_predictions(disk.run().predictions_csv(), rows);
  write_outputs(disk.run().outputs(), outcomes);
  EXPECT_THAT(report_html(read_run(disk.run())), Not(HasSubstr("wrong-labels")));
  EvaluationRecord record;
  record.out_of_fold = PartRecord{12, 0.5, {{"acc", 11.0 / 12}}, {}};
  record.num_folds = record.repeats = 1;
  write_evaluation(disk.run().evaluation(), record);
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page,
              AllOf(HasSubstr("<section id=\"wrong-labels\""), HasSubstr("1 of 12 labels are probably wrong"),
                    HasSubstr("proposed: <b>bee</b>"), HasSubstr("label: <b>ant</b> 4.7")));
}

TEST(Html, TheLossIsThatOfTheCalibratedWeights) {
  const RunOnDisk disk;
  disk.add_epochs(1);
  RunData run = read_run(disk.run());
  EXPECT_THAT(report_html(run), HasSubstr("0.8000<small>of these weights</small>"));
  run.evaluation.val = PartRecord{12, 0.1617, {{"acc", 0.75}}, {}};
  run.evaluation.calibration = CalibrationRecord{.method = "temperature", .temperature = 1.29};
  run.evaluation.test = PartRecord{12, 0.25, {{"acc", 0.75}}, {}};
  const std::string page = report_html(run);
  EXPECT_THAT(page, HasSubstr("0.1617<small>0.8000 before calibration</small>"));
  EXPECT_THAT(page, HasSubstr("The scaling minimises the loss;"));
  EXPECT_THAT(page, HasSubstr("pictures not used in training"));
  run.evaluation.calibration->method = "off";
  EXPECT_THAT(report_html(run), HasSubstr("0.1617<small>of these weights</small>"));
}

TEST(Html, MoreMistakesThanAreShownAreCounted) {
  const RunOnDisk disk;
  disk.add_epochs(1);
  const auto page_of = [&](std::size_t wrong) {
    write_predictions(disk.run().predictions_csv(),
                      std::vector<PredictionRow>(wrong, {"a.jpg", "ant", "bee", 0.75, 1}));
    return report_html(read_run(disk.run()));
  };
  EXPECT_THAT(page_of(14), HasSubstr("The 12 most confident of 14 wrong predictions."));
  EXPECT_THAT(page_of(12), HasSubstr("All 12 wrong predictions, the most confident first."));
}

TEST(Html, OfMultiLabelDataHasMetricsOfEachClassAndNoMatrix) {
  const RunOnDisk disk;
  disk.add_epoch({1, 0.001, 1, {{"acc", 0.5}}, 0.5, {{"map", 0.875}, {"acc", 0.25}}, 1});
  disk.add_model();
  const auto write = [&](const std::string& predicted) {
    write_predictions(disk.run().predictions_csv(), {{"1.jpg", "ant|bee", predicted, 0.75, 1}});
  };
  write("");
  write_label_metrics(disk.run().label_metrics(), {{"ant", {0.625, 0.5, 0.375, 0.125, 4}}});
  const std::string page = report_html(read_run(disk.run()));
  for (const char* part : {"Best validation mean average precision", "87.5\u00a0%", "All classes correct",
                           "average precision", "0.6250", "<b>nothing</b> 75 %<br>true: <b>ant, bee</b>",
                           " labels.csv", ">validation accuracy<", ">mAP<"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  for (const char* part : {"#confusion", "#reliability", "folder_of_classes/"})
    EXPECT_THAT(page, Not(HasSubstr(part)));
  EXPECT_THAT(report_html(read_run(RunOnDisk().run())), Not(HasSubstr("labels.csv")));
}

TEST(Html, OfNumbersHasTheScatterChartTheErrorsAndTheLargestOfThem) {
  const test::NumberRunOnDisk disk;
  disk.add_epochs(3);
  disk.add_predictions({{10, 11}, {20, 20}, {30, 26.5}, {40, 40.5}});
  disk.add_sheets();
  disk.add_model();
  const std::string page = report_html(read_run(disk.run()));
  for (const char* id : {"training", "numbers", "errors", "pictures", "settings", "usage"})
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + id + "\""));
  for (const char* id : {"confusion", "classes", "reliability", "mistakes"})
    EXPECT_THAT(page, Not(HasSubstr(std::string("<section id=\"") + id + "\"")));
  for (const char* part :
       {"<dt>Best validation RMSE</dt><dd>2<small>epoch 3 of 3</small>", "<dt>Validation R²</dt><dd>0.75<",
        "aria-label=\"MAE by epoch\"", "aria-label=\"Validation RMSE by epoch\"", ">training MAE<", ">RMSE<",
        "aria-label=\"Predicted and true numbers\"", ">0.973</td>",
        "<b>26.5</b> predicted<br>true: <b>30</b><br>error -3.5<",
        "alt=\"a picture with the number 30, predicted 26.5\"", "titled with their numbers", " labels.csv",
        "*p.number", "with one output"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_LT(page.find("<b>26.5</b>"), page.find("<b>11</b>"));
  EXPECT_EQ(count(page, "<figure>"), 4U);
  for (const char* part :
       {"accuracy", "of each class", "score", "p.top", "top-k", "class=\"notice\"", "<dt>Classes"})
    EXPECT_THAT(page, Not(HasSubstr(part)));
}

TEST(Html, NumbersThatAreNotFiniteAreCountedAndShownFirst) {
  const test::NumberRunOnDisk disk;
  disk.add_predictions({{10, 11}, {20, std::nan("")}});
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("Predictions that are not finite are not shown: 1."));
  EXPECT_THAT(page, HasSubstr("(1 of 2 pictures)"));
  EXPECT_LT(page.find("<b>–</b> predicted"), page.find("<b>11</b> predicted"));
  EXPECT_THAT(page, Not(HasSubstr("nan")));
}

TEST(Html, IsSelfContained) {
  const RunOnDisk disk;
  disk.add_epochs(2);
  disk.add_predictions({"ant", "bee", "cow"});
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, Not(HasSubstr("http:")));
  EXPECT_THAT(page, Not(HasSubstr("https:")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  const std::regex link("(src|href)=\"([^\"]{0,6})");
  for (std::sregex_iterator match(page.begin(), page.end(), link), end; match != end; ++match) {
    const std::string target = (*match)[2];
    EXPECT_TRUE(target[0] == '#' || target.rfind("data:", 0) == 0) << target;
  }
}

TEST(Html, NamesAreEscaped) {
  const std::vector<std::string> names = {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                                          "'&amp;\xff"};
  const RunOnDisk disk({"a", "b", "c"});
  disk.add_epochs(2);
  disk.folder().write("classes.txt", names[0] + "\n" + names[1] + "\n" + names[2] + "\n");
  disk.add_predictions(names);
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(page, HasSubstr("&#39;&amp;amp;\xEF\xBF\xBD"));
}

TEST(Html, OfARunInProgressOmitsUnknownValues) {
  const RunOnDisk disk;
  EXPECT_THAT(report_html(read_run(disk.run())), HasSubstr("No epoch is complete yet."));
  disk.add_epochs(2);
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("There is no predictions_val.csv yet"));
  EXPECT_THAT(page, HasSubstr("id=\"training\""));
  EXPECT_THAT(page, HasSubstr("Pictures of each class"));
  for (const char* id : {"confusion", "reliability", "mistakes", "pictures"}) {
    EXPECT_THAT(page, Not(HasSubstr(std::string("\"#") + id)));
  }
}

TEST(Html, OfNumbersInProgressDoesNotMentionClasses) {
  const test::NumberRunOnDisk disk;
  EXPECT_THAT(report_html(read_run(disk.run())), HasSubstr("No epoch is complete yet."));
  disk.add_epochs(2);
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("Results of single pictures are not shown."));
  EXPECT_THAT(page, Not(HasSubstr("id=\"numbers\"")));
  EXPECT_THAT(page, Not(HasSubstr("Pictures of each class")));
}

TEST(Html, AnIncompleteRunShowsHowToResumeIt) {
  const RunOnDisk disk;
  const std::string path = disk.folder().path().string();
  const std::string without = report_html(read_run(disk.run()));
  EXPECT_THAT(without, HasSubstr("graft train --resume " + path + "</code>"));
  EXPECT_THAT(without, HasSubstr("The run folder has no model.safetensors"));
  for (const char* use : {"graft predict", "graft eval", "graft export", "predictor.h", "torch.load"})
    EXPECT_THAT(without, Not(HasSubstr(use)));
  disk.add_epochs(1);
  disk.add_model();
  const std::string with = report_html(read_run(disk.run()));
  EXPECT_THAT(with, AllOf(HasSubstr("graft train --resume " + path), HasSubstr("graft predict " + path)));
  EXPECT_THAT(with, Not(HasSubstr("The run folder has no")));
}

TEST(Html, PicturesThatCannotBeReadArePlaceholders) {
  const RunOnDisk disk;
  disk.add_epochs(1);
  const auto broken = disk.folder().write("broken.jpg", "no picture");
  write_predictions(disk.run().predictions_csv(),
                    {{"not/there.jpg", "ant", "bee", 0.5, 1}, {broken.string(), "ant", "bee", 0.5, 1}});
  disk.folder().write("batch.png", "no picture");
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("No picture: the picture does not exist"));
  EXPECT_EQ(count(page, "class=\"missing\""), 4U);
  EXPECT_THAT(page, HasSubstr("batch.png could not be read: "));
}

TEST(Html, LossesThatAreNotFiniteAreReported) {
  const RunOnDisk disk;
  disk.add_epoch({1, 0.001, 0.5, {{"acc", 0.5}}, 0.5, {{"acc", 0.5}}, 1});
  disk.add_epoch({2, 0.001, std::nan(""), {{"acc", 0.5}}, std::nan(""), {{"acc", 0.5}}, 1});
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("From epoch 2 on losses are not finite"));
  EXPECT_THAT(page, Not(HasSubstr(">nan<")));
}

TEST(Html, TheLearningRateIsDescribedAsAMean) {
  const RunOnDisk disk;
  disk.add_epochs(1);
  EXPECT_THAT(report_html(read_run(disk.run())),
              HasSubstr("The learning rate is the mean over the epoch's steps"));
}

TEST(Html, AProbeIsNamedAndHasNoLearningRate) {
  const RunOnDisk disk;
  disk.add_probe();
  const std::string alone = report_html(read_run(disk.run()));
  EXPECT_THAT(alone, HasSubstr("<small>the probe</small>"));
  EXPECT_THAT(alone, Not(HasSubstr("<polyline")));  // no curves of one point
  EXPECT_THAT(alone,
              HasSubstr("<th scope=\"row\" class=\"number\">probe</th><td class=\"number minor\"></td>"));
  disk.add_epochs(2);
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("epoch 2 of 2"));
  EXPECT_THAT(page, HasSubstr("the probe and 2 epochs"));
  EXPECT_THAT(page, HasSubstr("<title>probe\ntraining 0.125\nvalidation 0.375</title>"));
}

TEST(Html, TheSizesOfTheNetworkAreShownIfRecorded) {
  const RunOnDisk disk;
  disk.add_epochs(2);
  EXPECT_THAT(report_html(read_run(disk.run())), Not(HasSubstr("parameters")));
  std::string config = test::config_of({"ant", "bee", "cow"});
  config.replace(config.find(R"("device":"cpu")"), 0, R"("parameters":11178051,"input":224,)");
  disk.folder().write("config.json", config);
  disk.folder().write("model.safetensors", std::string(1'234'567, 'x'));
  EXPECT_THAT(report_html(read_run(disk.run())),
              HasSubstr("preset finetune · 11.2 million parameters · 1.2 MB · input 224\u00a0×\u00a0224"));
}

TEST(Html, OneClassAndAHundredClassesAreReported) {
  for (const int number : {1, 100, 150}) {
    std::vector<std::string> names;
    for (int i = 0; i < number; ++i) names.push_back("class " + std::to_string(i));
    const RunOnDisk disk(names);
    disk.add_epochs(1);
    disk.add_predictions(names);
    const std::string page = report_html(read_run(disk.run()));
    EXPECT_EQ(count(page, "<span class=\"share\">"), 3U * static_cast<std::size_t>(number));
  }
}

TEST(Html, PredictionsWithoutAMistakeAreReported) {
  const RunOnDisk disk;
  write_predictions(disk.run().predictions_csv(), {{"x", "ant", "ant", 0.5, 1}});
  const std::string page = report_html(read_run(disk.run()));
  EXPECT_THAT(page, HasSubstr("There are no mistakes."));
  EXPECT_THAT(page, HasSubstr("Every picture is predicted correctly."));
}

}  // namespace
}  // namespace graft
