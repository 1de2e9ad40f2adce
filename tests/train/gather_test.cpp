#include "graft/train/gather.h"

#include <gtest/gtest.h>

#include "tests/support/thread_ranks.h"

namespace graft {
namespace {

Evaluation evaluation_of(const std::vector<std::uint32_t>& indices, bool multi_label) {
  Evaluation evaluation;
  for (const std::uint32_t index : indices) {
    evaluation.outcomes.push_back({index, index % 3, -1, 0.25 + index, 1.0 / (index + 1), index + 1});
    if (!multi_label) continue;
    evaluation.labels.classes = 2;
    evaluation.labels.scores.insert(evaluation.labels.scores.end(), {index * 0.5F, index * 0.25F});
    evaluation.labels.truth.insert(evaluation.labels.truth.end(), {1, static_cast<std::uint8_t>(index % 2)});
  }
  return evaluation;
}

void expect_same(const Evaluation& a, const Evaluation& b) {
  ASSERT_EQ(a.outcomes.size(), b.outcomes.size());
  for (std::size_t i = 0; i < a.outcomes.size(); ++i) {
    const Outcome &x = a.outcomes[i], &y = b.outcomes[i];
    EXPECT_EQ(x.index, y.index);
    EXPECT_EQ(x.label, y.label);
    EXPECT_EQ(x.predicted, y.predicted);
    EXPECT_EQ(x.probability, y.probability);
    EXPECT_EQ(x.loss, y.loss);
    EXPECT_EQ(x.rank, y.rank);
  }
  EXPECT_EQ(a.labels.classes, b.labels.classes);
  EXPECT_EQ(a.labels.scores, b.labels.scores);
  EXPECT_EQ(a.labels.truth, b.labels.truth);
}

// Rank 2 has no samples.
TEST(Gather, OutcomesAreThoseOfAllRanksInTheOrderOfTheSamples) {
  const std::vector<std::vector<std::uint32_t>> parts = {{0, 1, 4}, {2, 3, 5, 6}, {}};
  for (const bool multi_label : {false, true}) {
    const Evaluation whole = evaluation_of({0, 1, 2, 3, 4, 5, 6}, multi_label);
    test::ThreadRanks::run(3, [&](GradientSync& sync) {
      const auto& part = parts[static_cast<std::size_t>(sync.rank())];
      expect_same(gather(evaluation_of(part, multi_label), sync), whole);
    });
    expect_same(gather(whole, single_process()), whole);
  }
}

TEST(Gather, BadPicturesKeepTheirWords) {
  test::ThreadRanks::run(3, [](GradientSync& sync) {
    std::vector<BadImage> own;
    if (sync.rank() == 0) own = {{"a.jpg", "a.jpg: is empty"}, {"ü.jpg", ""}};
    if (sync.rank() == 2) own = {{"b.jpg", "b.jpg: is cut short"}};
    const std::vector<BadImage> all = gather(own, sync);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].message, "a.jpg: is empty");
    EXPECT_EQ(all[1].path, "ü.jpg");
    EXPECT_EQ(all[1].message, "");
    EXPECT_EQ(all[2].path, "b.jpg");
  });
}

}  // namespace
}  // namespace graft
