#include "graft/infer/principal.h"

#include <gtest/gtest.h>

#include "tests/support/formula.h"

namespace graft {
namespace {

// from sklearn.decomposition import PCA
// PCA(2).fit_transform([[1, 2, 0], [2, 1, 3], [4, 0, 1], [3, 5, 2], [0, 1, 1]])
TEST(PrincipalCoordinates, EqualScikitLearns) {
  const torch::Tensor rows = torch::tensor(
      {{1.0F, 2.0F, 0.0F}, {2.0F, 1.0F, 3.0F}, {4.0F, 0.0F, 1.0F}, {3.0F, 5.0F, 2.0F}, {0.0F, 1.0F, 1.0F}});
  const torch::Tensor expected = torch::tensor({{-0.308703F, -1.364747F},
                                                {-0.473129F, 0.679422F},
                                                {-1.29288F, 2.240687F},
                                                {3.401812F, 0.154998F},
                                                {-1.3271F, -1.71036F}});
  EXPECT_TRUE(principal_coordinates(rows, 2).allclose(expected, 1e-5, 1e-5));
}

// More columns than rows: by the other matrix of products.
TEST(PrincipalCoordinates, OfWideTablesKeepTheDistancesOfTheRows) {
  const torch::Tensor rows = test::formula_tensor("wide", {4, 50});
  const torch::Tensor places = principal_coordinates(rows, 3);
  EXPECT_TRUE(torch::pdist(places).allclose(torch::pdist(rows), 1e-4, 1e-4));
}

TEST(PrincipalCoordinates, OfEqualRowsOneRowAndNoneAreZero) {
  EXPECT_EQ(principal_coordinates(torch::full({5, 3}, 0.1F), 2).abs().max().item<float>(), 0);
  EXPECT_EQ(principal_coordinates(torch::full({1, 3}, 7.0F), 2).abs().max().item<float>(), 0);
  EXPECT_EQ(principal_coordinates(torch::empty({0, 3}), 2).size(0), 0);
}

}  // namespace
}  // namespace graft
