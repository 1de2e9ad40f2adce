// Against cleanlab (tools/goldens/label_issues.py), and input that no model gives.
#include "graft/trust/label_issues.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using Labels = std::vector<std::int64_t>;

nlohmann::json label_issues_golden() {
  return nlohmann::json::parse(read_text(test::golden("trust/label_issues.json")));
}

std::vector<float> exact_values(const nlohmann::json& numbers, double unit) {
  std::vector<float> values;
  for (const nlohmann::json& number : numbers)
    values.push_back(static_cast<float>(number.get<double>() / unit));
  return values;
}

TEST(LabelIssues, EqualThoseOfCleanlab) {
  int cases = 0;
  const nlohmann::json goldens = label_issues_golden();
  for (const nlohmann::json& golden : goldens["single"]) {
    const std::vector<float> values = exact_values(golden["probabilities"], golden["unit"]);
    const auto classes = golden["classes"].get<std::size_t>();
    const auto labels = golden["labels"].get<Labels>();
    std::vector<std::size_t> rows;
    for (const LabelIssue& issue : find_label_issues({values, classes}, labels)) {
      rows.push_back(issue.row);
      EXPECT_NE(static_cast<std::int64_t>(issue.proposed), labels[issue.row]);
      EXPECT_GE(values[issue.row * classes + issue.proposed], issue.self_confidence);
    }
    EXPECT_EQ(rows, golden["issues"].get<std::vector<std::size_t>>()) << golden["name"];
    ++cases;
  }
  EXPECT_EQ(cases, 8);
}

TEST(LabelIssues, OfSeveralClassesEqualThoseOfCleanlab) {
  const nlohmann::json golden = label_issues_golden()["several"];
  const LabelTable table{golden["classes"].get<std::int64_t>(),
                         exact_values(golden["scores"], golden["unit"]),
                         golden["truth"].get<std::vector<std::uint8_t>>()};
  std::vector<std::vector<std::size_t>> found;
  for (const ClassIssue& issue : find_class_issues(table)) found.push_back({issue.row, issue.index});
  EXPECT_EQ(found, golden["issues"].get<std::vector<std::vector<std::size_t>>>());
  EXPECT_GT(found.size(), 10U);
}

TEST(LabelIssues, OfOneSampleAClassAndOfNoneAreNone) {
  const std::vector<float> wrong = {0.1F, 0.9F, 0.9F, 0.1F};
  EXPECT_TRUE(find_label_issues({wrong, 2}, Labels{0, 1}).empty());
  EXPECT_TRUE(find_label_issues({{}, 2}, Labels{}).empty());
  EXPECT_TRUE(find_class_issues({}).empty());
}

// A model that has learned nothing does not contradict a label.
TEST(LabelIssues, OfEqualProbabilitiesAreNone) {
  const std::vector<float> values(60, 0.5F);
  Labels labels(30, 0);
  std::fill(labels.begin() + 10, labels.end(), 1);
  EXPECT_TRUE(find_label_issues({values, 2}, labels).empty());
}

// A dense joint would have 100 million cells.
TEST(LabelIssues, AreFoundAmongTenThousandClasses) {
  constexpr std::size_t classes = 10'000;
  std::vector<float> values;
  Labels labels;
  for (const std::size_t truth : {3U, 3U, 3U, 3U, 9'999U, 9'999U, 9'999U, 9'999U}) {
    std::vector<float> row(classes, 0.1F / classes);
    row[truth] = 0.9F;
    values.insert(values.end(), row.begin(), row.end());
    labels.push_back(static_cast<std::int64_t>(truth));
  }
  labels[2] = 9'999;
  const std::vector<LabelIssue> issues = find_label_issues({values, classes}, labels);
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues.front().row, 2U);
  EXPECT_EQ(issues.front().proposed, 3U);
}

TEST(LabelIssues, RefuseWhatIsNoTableOfProbabilities) {
  const std::vector<float> values = {0.5F, 0.5F, 0.5F, 0.5F};
  EXPECT_THROW(find_label_issues({values, 2}, Labels{0}), UsageError);
  EXPECT_THROW(find_label_issues({values, 0}, Labels{0}), UsageError);
  EXPECT_THROW(find_label_issues({values, 2}, Labels{0, 2}), UsageError);
  EXPECT_THROW(find_label_issues({values, 2}, Labels{0, -1}), UsageError);
  std::vector<float> broken = values;
  broken[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(find_label_issues({broken, 2}, Labels{0, 1}), Error);
}

}  // namespace
}  // namespace graft
