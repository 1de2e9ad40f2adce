#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "graft/check/check.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

TEST(CheckJson, HasEveryFindingWithItsPictures) {
  CheckReport report;
  report.classes = {"ants"};
  report.pictures.resize(3);
  for (std::size_t i = 0; i < 3; ++i) report.pictures[i].path = std::to_string(i) + ".jpg";
  report.train = 2;
  report.findings = {
      {"copies", Severity::problem, "pictures", "remove them, or use `skip_bad`", {{{0, 2}, "the same"}}},
      {"few", Severity::note, "classes", "more", {{{}, "ants: 2 (`few_pictures`)"}}}};
  EXPECT_EQ(Json::parse(to_json(report, [](const std::string& name) { return "--" + name; })),
            Json::parse(
                R"json({"classes": ["ants"], "labels": "single", "train": 2, "val": 1, "val_split_off": false,
              "test": 0, "test_split_off": false,
              "problems": 1, "notes": 1, "findings": [
                {"name": "copies", "severity": "problem", "count": 1, "what": "pictures",
                 "advice": "remove them, or use --skip_bad",
                 "items": [{"paths": ["0.jpg", "2.jpg"], "detail": "the same"}]},
                {"name": "few", "severity": "note", "count": 1, "what": "classes", "advice": "more",
                 "items": [{"paths": [], "detail": "ants: 2 (--few_pictures)"}]}]})json"));
  EXPECT_NE(to_json(report).find("use `skip_bad`"), std::string::npos);
}

}  // namespace
}  // namespace graft
