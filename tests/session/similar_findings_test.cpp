#include "graft/session/similar_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace graft {
namespace {

using ::testing::ElementsAre;

// Pictures 0 to 3 are for training, 4 for validation; 2 has another label.
TEST(SimilarFindings, AreByLabelAndSideAndLeaveOutKnownPairs) {
  CheckReport report;
  report.classes = {"a", "b"};
  report.pictures = {{"0", 0}, {"1", 0}, {"2", 1}, {"3", 0}, {"4", 0}};
  report.train = 4;
  report.findings = {{"near", Severity::note, "", "", {{{0, 3}, ""}}}};
  FeatureSet features;
  features.features = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {0.1F, 1.0F}, {1.0F, 0.01F}, {1.0F, 0.02F}});
  features.indices = {0, 1, 2, 3, 4};
  const auto findings = similar_findings(report, features, 0.95);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_STREQ(findings[0].name, "similar_two_labels");
  ASSERT_EQ(findings[0].items.size(), 1U);
  EXPECT_THAT(findings[0].items.front().pictures, ElementsAre(1U, 2U));
  EXPECT_STREQ(findings[1].name, "similar_leaked");
  ASSERT_EQ(findings[1].items.size(), 1U);
  EXPECT_THAT(findings[1].items.front().pictures, ElementsAre(3U, 4U));  // the nearest, not 0
  EXPECT_EQ(findings[1].items.front().detail, "cosine 1.0000");
  EXPECT_TRUE(findings[2].items.empty());
}

}  // namespace
}  // namespace graft
