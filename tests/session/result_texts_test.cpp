#include "graft/session/result_texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graft/core/version.h"
#include "graft/session/bench.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;
using test::error_of;

const OpenedModel model{{"ants", "bees"}};

TEST(ResultTexts, APredictionIsALineOfJsonAndRowsOfATable) {
  const Prediction prediction{"b\xe9.jpg", {{1, 0.75}, {0, 0.25}}, {{1, 0.75}}};
  EXPECT_EQ(Json::parse(to_json(prediction, model)),
            Json::parse(R"({"path": "b�.jpg", "path_bytes": "b%E9.jpg",
                            "top": [{"index": 1, "class": "bees", "probability": 0.75},
                                    {"index": 0, "class": "ants", "probability": 0.25}],
                            "labels": ["bees"]})"));
  EXPECT_EQ(csv_rows(prediction, model), "b\xe9.jpg,1,1,bees,0.75,,\nb\xe9.jpg,2,0,ants,0.25,,\n");
  EXPECT_EQ(score_words(prediction.top, model, " (", ")"), "bees (75.0%), ants (25.0%)");
  EXPECT_EQ(score_words({}, model, " ", ""), "nothing");
  EXPECT_EQ(to_text(prediction, model), "b\\xe9.jpg: Predicted: bees (75.0%)\n");
  EXPECT_EQ(to_text(prediction, model, true), "b\\xe9.jpg: Predicted: bees (75.0%), ants (25.0%)\n");
}

TEST(ResultTexts, ANumberHasItsName) {
  const OpenedModel ages{{"age"}};
  const Prediction prediction{"a.jpg", {}, {}, 12.5};
  EXPECT_EQ(to_json(prediction, ages), R"({"path":"a.jpg","name":"age","number":12.5})");
  EXPECT_EQ(csv_rows(prediction, ages), "a.jpg,age,12.5,,\n");
  EXPECT_EQ(to_text(prediction, ages), "a.jpg: Predicted: age 12.5\n");
}

TEST(ResultTexts, APredictionHasItsSetAndWhetherItIsKnown) {
  Prediction prediction{"a.jpg", {{1, 0.5}}, {{1, 0.5}}};
  prediction.set = {{1, 0.5}, {0, 0.25}};
  prediction.known = false;
  prediction.unknown_score = 3.5;
  EXPECT_EQ(Json::parse(to_json(prediction, model)),
            Json::parse(R"({"path": "a.jpg", "top": [{"index": 1, "class": "bees", "probability": 0.5}],
                            "labels": ["bees"], "set": ["bees", "ants"], "known": false, "unknown_score": 3.5})"));
  EXPECT_EQ(csv_rows(prediction, model), "a.jpg,1,1,bees,0.5,0,3.5\na.jpg,2,0,ants,0.25,0,3.5\n");
  EXPECT_EQ(to_text(prediction, model),
            "a.jpg: Predicted: bees (50.0%), ants (25.0%); unlike the training pictures\n");
}

TEST(ResultTexts, AnEvaluationHasItsHeadlinesAndItsClasses) {
  EvaluationReport report;
  report.metrics = {{"acc", 0.5}};
  report.classes = {"ants", "bees"};
  report.part = EvaluationPart::val;
  report.per_class = {{"precision", "recall"}, {{"ants", {1, 0.5}, 3}}, {}};
  const auto json = Json::parse(to_json(report));
  EXPECT_EQ(json.at("accuracy"), 0.5);
  EXPECT_EQ(json.at("split"), "val");
  EXPECT_EQ(json.at("per_class"),
            Json::parse(R"([{"class": "ants", "precision": 1.0, "recall": 0.5, "support": 3}])"));
  EXPECT_FALSE(json.contains("confusion"));
  EXPECT_EQ(to_text(report),
            "accuracy 0.5000  loss 0.0000  0 pictures in 0.0 s\n"
            "\n"
            "precision  recall  support  class\n"
            "   1.0000  0.5000        3  ants\n");
  report.per_class = {};
  EXPECT_FALSE(Json::parse(to_json(report)).contains("per_class"));
  EXPECT_EQ(to_text(report), "accuracy 0.5000  loss 0.0000  0 pictures in 0.0 s\n");
}

TEST(ResultTexts, ClassesWithoutPicturesAreLeftOut) {
  EvaluationReport report;
  report.per_class = {{"average_precision"}, {{"ants", {0}, 0}, {"b\nees", {0}, 1}}, {{0, 0}, {0, 1}}};
  EXPECT_EQ(to_text(report),
            "loss 0.0000  0 pictures in 0.0 s\n"
            "\n"
            "    AP  support  class\n"
            "0.0000        1  b\\x0aees\n");
}

TEST(ResultTexts, AComparisonHasProblemsInsteadOfNumbers) {
  Comparison comparison;
  comparison.models = {{{"resnet18"}, "", {{"acc", 0.75}}, 0.5, 20, 11},
                       {{"resnet34", "x.pth"}, "is not there"}};
  EXPECT_EQ(to_json(comparison),
            R"({"models":[{"model":"resnet18","weights":"default","val_acc":0.75,"val_loss":0.5,)"
            R"("images_per_second":20.0,"parameters":11,"skipped":0},)"
            R"({"model":"resnet34","weights":"x.pth","problem":"is not there"}]})");
  EXPECT_EQ(to_text(comparison),
            "val acc  val loss  images/s  parameters  model\n"
            " 0.7500    0.5000      20.0       0.0 M  resnet18\n");
  EXPECT_EQ(to_text(Comparison{{comparison.models[1]}}), "");
}

TEST(ResultTexts, ACandidateIsAWord) {
  for (const char* word : {"resnet18", "resnet18=mine.pth"}) EXPECT_EQ(name_of(candidate_of(word)), word);
  EXPECT_EQ(candidate_of("resnet18").weights, "default");
  EXPECT_EQ(candidate_of("resnet18=none").model, "resnet18");
  EXPECT_EQ(test::error_of([] { candidate_of("resnet18="); }),
            "`models`: \"resnet18=\" names no weights after =; give a file, a run or a URL");
}

TEST(ResultTexts, ASearchSuggestsARate) {
  LrSearch search;
  search.points.resize(3);
  search.suggestion = {0.0123, 0.02, 0.3};
  EXPECT_EQ(to_text(search),
            "suggested  `lr` 0.012\n"
            "others     0.02 (steepest fall), 0.3 (a tenth of the minimum)\n");
  EXPECT_EQ(to_json(search), R"({"lr":0.0123,"steep":0.02,"minimum":0.3,"steps":3})");
  EXPECT_EQ(to_json(search, "a.png", "b.csv"),
            R"({"lr":0.0123,"steep":0.02,"minimum":0.3,"steps":3,"plot":"a.png","csv":"b.csv"})");
  const std::vector<std::string> options = lr_search_options();
  EXPECT_EQ(std::count(options.begin(), options.end(), "lr"), 0);
  EXPECT_EQ(std::count(options.begin(), options.end(), "momentum"), 1);
}

TEST(ResultTexts, AReportNamesItsFiles) {
  EXPECT_EQ(to_json(ReportFiles{"a/report.html", {"a/curves.png"}, {}}, {"a"}),
            R"({"runs":["a"],"html":"a/report.html","pictures":["a/curves.png"]})");
  const ReportFiles compared{
      .html = "compare.html",
      .findings = {"worse: …"},
      .differences = {
          {"best", "worse", &find_metric("acc"), {-0.125, {-0.25, 0.5}, 0.625, 153, Discordant{3, 1}}}}};
  EXPECT_EQ(to_json(compared, {"best", "worse"}),
            R"({"runs":["best","worse"],"html":"compare.html","pictures":[],"differences":[{"a":"best",)"
            R"("b":"worse","metric":"accuracy","difference":-0.125,"low":-0.25,"high":0.5,"p":0.625,)"
            R"("pictures":153,"significant":false,"only_a":3,"only_b":1}],"findings":["worse: …"]})");
}

TEST(ResultTexts, ABenchRowHasTheRateOfEachPass) {
  EXPECT_EQ(to_text(BenchRow{"index", "listing the folders", {{2, 10, {}}, {0.5, 10, {}}}, "cpu", 1}),
            "index                   5.0       20.0   listing the folders\n");
}

TEST(ResultTexts, TheMachineIsDescribedInSixLines) {
  const std::string text = machine_text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
  EXPECT_EQ(text.rfind(std::string("graft     ") + version() + "\nlibtorch  ", 0), 0U);
}

TEST(ResultTexts, AModelHasItsDefaultWeightsFirst) {
  const auto models = Json::parse(models_json());
  EXPECT_EQ(models[0].at("name"), "resnet18");
  EXPECT_EQ(models[0].at("weights"), models[0].at("pretrained")[0]);
  EXPECT_EQ(models[0].at("input_size"), 224);
  const std::string text = models_text();
  EXPECT_EQ(text.rfind(
                "model                                parameters  input   top-1  weights\n"
                "resnet\n"
                "  resnet18                               11.7 M    224   69.75  IMAGENET1K_V1, torchvision, "
                "BSD-3-Clause",
                0),
            0U)
      << text;
}

TEST(ResultTexts, ModelsAreListedByPattern) {
  const auto names = [](const std::vector<std::string>& patterns) {
    std::vector<std::string> found;
    for (const auto& each : Json::parse(models_json(patterns))) found.push_back(each.at("name"));
    return found;
  };
  EXPECT_EQ(names({"resnet3?", "wide_resnet50_2"}),
            (std::vector<std::string>{"resnet34", "wide_resnet50_2"}));
  EXPECT_EQ(names({"efficientnet_lite"}).size(), 10U);  // a family
  EXPECT_EQ(error_of([] {
              models_text({"resnet18", "resnot*"});
            }),
            "\"resnot*\": fits no model; did you mean \"resnet\"?");
  EXPECT_EQ(error_of([] { models_text({"lite"}); }),
            "\"lite\": fits no model; \"*lite*\" fits names that contain it");
}

TEST(ResultTexts, UnknownFiguresOfWeightsAreNull) {
  const Json weights = Json::parse(models_json({"vit_tiny_patch16_224"})).at(0).at("pretrained").at(0);
  EXPECT_TRUE(weights.at("top1").is_null());
  EXPECT_TRUE(weights.at("mebibytes").is_null());
  const Json known = Json::parse(models_json({"resnet18"})).at(0).at("pretrained").at(0);
  EXPECT_EQ(known.at("top1"), 69.758);
  EXPECT_NE(known.dump().find("\"mean\":[0.485,0.456,0.406]"), std::string::npos);
}

}  // namespace
}  // namespace graft
