#include "graft/infer/nearest.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/formula.h"

namespace graft {
namespace {

// In parts and blocks, against the whole product of matrices.
TEST(NearestRows, AreThoseOfEveryPair) {
  const torch::Tensor table = test::formula_tensor("table", {2000, 6}),
                      queries = test::formula_tensor("q", {3, 6});
  NearestRows nearest(queries, 4);
  nearest.add(table.slice(0, 0, 700), 0);
  nearest.add(table.slice(0, 700), 700);
  const torch::Tensor cosines = unit_rows(queries).mm(unit_rows(table).t());
  const auto [values, places] = cosines.topk(4, 1);
  const auto found = nearest.found();
  ASSERT_EQ(found.size(), 3U);
  for (std::int64_t q = 0; q < 3; ++q) {
    ASSERT_EQ(found[static_cast<std::size_t>(q)].size(), 4U);
    for (std::int64_t i = 0; i < 4; ++i) {
      const SimilarRow& row = found[static_cast<std::size_t>(q)][static_cast<std::size_t>(i)];
      EXPECT_EQ(row.row, places[q][i].item<std::int64_t>());
      EXPECT_NEAR(row.cosine, values[q][i].item<double>(), 1e-6);
    }
  }
}

TEST(NearestRows, OfAShortTableAreAllAndZerosAreSimilarToNothing) {
  NearestRows nearest(torch::tensor({{1.0F, 0.0F}}), 5);
  nearest.add(torch::tensor({{0.0F, 0.0F}, {2.0F, 0.0F}}), 0);
  const auto found = nearest.found();
  ASSERT_EQ(found.front().size(), 2U);
  EXPECT_EQ(found.front()[0].row, 1);
  EXPECT_FLOAT_EQ(found.front()[0].cosine, 1);
  EXPECT_EQ(found.front()[1].cosine, 0);
}

TEST(SimilarPairs, AreVisitedOnceWithTheLaterRowFirst) {
  const torch::Tensor table = test::formula_tensor("pairs", {1500, 4});
  const torch::Tensor cosines = unit_rows(table).mm(unit_rows(table).t());
  std::set<std::pair<std::int64_t, std::int64_t>> visited;
  for_each_similar_pair(table, 0.99, [&](std::int64_t row, std::int64_t earlier, double cosine) {
    EXPECT_LT(earlier, row);
    EXPECT_NEAR(cosines[row][earlier].item<double>(), cosine, 1e-5);
    EXPECT_TRUE(visited.emplace(row, earlier).second);
  });
  const auto expected = cosines.ge(0.99).tril(-1).sum().item<std::int64_t>();
  EXPECT_EQ(static_cast<std::int64_t>(visited.size()), expected);
  EXPECT_GT(expected, 100);
}

}  // namespace
}  // namespace graft
