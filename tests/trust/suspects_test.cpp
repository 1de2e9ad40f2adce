#include "graft/trust/suspects.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graft/core/error.h"

namespace graft {
namespace {

// Ten pictures of each class, of which the first of the ants has the output of a bee.
HeldOutRows ants_and_bees(std::vector<float>& outputs) {
  HeldOutRows rows{LabelKind::single, {"ants", "bees"}, {}, {}};
  for (int i = 0; i < 20; ++i) {
    const bool like_ant = i > 0 && i < 10;
    rows.labels.emplace_back(i < 10 ? "ants" : "bees");
    outputs.insert(outputs.end(), {like_ant ? 3.0F : 0.0F, like_ant ? 0.0F : 3.0F});
  }
  rows.outputs = outputs;
  return rows;
}

TEST(Suspects, HaveTheNameOfTheProposedClass) {
  std::vector<float> outputs;
  const HeldOutRows rows = ants_and_bees(outputs);
  const std::vector<Suspect> suspects = find_suspects(rows);
  ASSERT_EQ(suspects.size(), 1U);
  EXPECT_EQ(suspects.front().row, 0U);
  EXPECT_EQ(suspects.front().proposed, "bees");
  EXPECT_NEAR(suspects.front().self_confidence, 1 / (1 + std::exp(3.0)), 1e-6);
  EXPECT_EQ(suspect_words(suspects.front(), rows.labels.front()),
            "labelled \"ants\", probably \"bees\"; probability of its label 0.0474");
}

TEST(Suspects, KeepTheirRowWhereOtherLabelsAreUnknown) {
  std::vector<float> outputs;
  HeldOutRows rows = ants_and_bees(outputs);
  outputs.insert(outputs.begin(), {0.0F, 9.0F});
  rows.labels.insert(rows.labels.begin(), "wasps");
  rows.outputs = outputs;
  const std::vector<Suspect> suspects = find_suspects(rows);
  ASSERT_EQ(suspects.size(), 1U);
  EXPECT_EQ(suspects.front().row, 1U);
}

// One class is added to the label, the other stays.
TEST(Suspects, OfSeveralClassesGetTheWholeProposedLabel) {
  std::vector<float> outputs;
  HeldOutRows rows{LabelKind::multi, {"beach", "dog"}, {}, {}};
  for (int i = 0; i < 40; ++i) {
    const bool dog = i % 2 == 0;
    rows.labels.emplace_back(dog && i > 0 ? "beach|dog" : "beach");
    outputs.insert(outputs.end(), {4.0F, dog ? 4.0F : -4.0F});
  }
  rows.outputs = outputs;
  const std::vector<Suspect> suspects = find_suspects(rows);
  ASSERT_EQ(suspects.size(), 1U);
  EXPECT_EQ(suspects.front().row, 0U);
  EXPECT_EQ(suspects.front().proposed, "beach|dog");
  EXPECT_EQ(suspect_words({0, "", 0.25}, "dog"),
            "labelled \"dog\", probably no class; probability of its label 0.2500");
}

TEST(Suspects, RefuseNumbersAndOutputsThatDoNotFit) {
  std::vector<float> outputs;
  HeldOutRows rows = ants_and_bees(outputs);
  rows.kind = LabelKind::number;
  EXPECT_THROW(find_suspects(rows), UsageError);
  rows = ants_and_bees(outputs);
  rows.outputs = rows.outputs.first(3);
  EXPECT_THROW(find_suspects(rows), UsageError);
  outputs.clear();
  rows = ants_and_bees(outputs);
  outputs[5] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(find_suspects(rows), Error);
  EXPECT_TRUE(find_suspects({LabelKind::single, {"ants", "bees"}, {}, {}}).empty());
}

}  // namespace
}  // namespace graft
