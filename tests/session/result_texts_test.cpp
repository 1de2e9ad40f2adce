#include "graft/session/result_texts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

const OpenedModel model{{"ants", "bees"}};

TEST(ResultTexts, APredictionIsALineOfJsonAndRowsOfATable) {
  const Prediction prediction{"b\xe9.jpg", {{1, 0.75}, {0, 0.25}}, {{1, 0.75}}};
  EXPECT_EQ(Json::parse(to_json(prediction, model)),
            Json::parse(R"({"path": "b�.jpg", "path_bytes": "b%E9.jpg",
                            "top": [{"index": 1, "class": "bees", "probability": 0.75},
                                    {"index": 0, "class": "ants", "probability": 0.25}],
                            "labels": ["bees"]})"));
  EXPECT_EQ(csv_rows(prediction, model), "b\xe9.jpg,1,1,bees,0.75\nb\xe9.jpg,2,0,ants,0.25\n");
  EXPECT_EQ(score_words(prediction.top, model, " (", ")"), "bees (75.0%), ants (25.0%)");
  EXPECT_EQ(score_words({}, model, " ", ""), "nothing");
}

TEST(ResultTexts, ANumberHasItsName) {
  const OpenedModel ages{{"age"}};
  const Prediction prediction{"a.jpg", {}, {}, 12.5};
  EXPECT_EQ(to_json(prediction, ages), R"({"path":"a.jpg","name":"age","number":12.5})");
  EXPECT_EQ(csv_rows(prediction, ages), "a.jpg,age,12.5\n");
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
  report.per_class = {};
  EXPECT_FALSE(Json::parse(to_json(report)).contains("per_class"));
}

TEST(ResultTexts, AComparisonHasProblemsInsteadOfNumbers) {
  Comparison comparison;
  comparison.models = {{{"resnet18"}, "", {{"acc", 0.75}}, 0.5, 20, 11},
                       {{"resnet34", "x.pth"}, "is not there"}};
  EXPECT_EQ(to_json(comparison),
            R"({"models":[{"model":"resnet18","weights":"default","val_acc":0.75,"val_loss":0.5,)"
            R"("images_per_second":20.0,"parameters":11},)"
            R"({"model":"resnet34","weights":"x.pth","problem":"is not there"}]})");
}

TEST(ResultTexts, AModelHasItsDefaultWeightsFirst) {
  const auto models = Json::parse(models_json());
  EXPECT_EQ(models[0].at("name"), "resnet18");
  EXPECT_EQ(models[0].at("weights"), models[0].at("pretrained")[0]);
  EXPECT_EQ(models[0].at("input_size"), 224);
}

}  // namespace
}  // namespace graft
