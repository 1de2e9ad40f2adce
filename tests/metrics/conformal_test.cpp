#include "graft/metrics/conformal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "graft/core/random.h"

namespace graft {
namespace {

std::vector<float> tenths() { return {0.0F, 0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F}; }

// numpy.sort(scores)[ceil((n + 1) * coverage) - 1], the quantile of split conformal prediction.
TEST(Conformal, TheThresholdIsOneMinusTheQuantileOfTheScores) {
  EXPECT_NEAR(set_threshold(tenths(), 0.9), 1 - 0.8, 1e-6);   // ⌈10 · 0.9⌉ = 9
  EXPECT_NEAR(set_threshold(tenths(), 0.81), 1 - 0.8, 1e-6);  // ⌈8.1⌉ = 9
  EXPECT_NEAR(set_threshold(tenths(), 0.5), 1 - 0.4, 1e-6);
  EXPECT_EQ(set_threshold(tenths(), 0.91), 0);  // ⌈9.1⌉ = 10 > 9: every class
  EXPECT_EQ(set_threshold({}, 0.5), 0);
}

TEST(Conformal, ScoresAreOneMinusTheProbabilityOfTheTrueClass) {
  std::vector<Outcome> outcomes(3);
  outcomes[0].loss = -std::log(0.25);
  outcomes[1].loss = 0;
  outcomes[2].loss = -std::log(0.75);
  const std::vector<float> scores = conformal_scores(outcomes);
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_NEAR(scores[0], 0, 1e-7);
  EXPECT_NEAR(scores[1], 0.25, 1e-7);
  EXPECT_NEAR(scores[2], 0.75, 1e-7);
}

TEST(Conformal, ManyScoresBecomeQuantilesThatAreNotBelowThem) {
  std::vector<Outcome> outcomes(25'001);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    outcomes[i].loss = -std::log(1 - static_cast<double>(i) / 25'001);
  const std::vector<float> scores = conformal_scores(outcomes);
  ASSERT_EQ(scores.size(), 10'000U);
  EXPECT_TRUE(std::is_sorted(scores.begin(), scores.end()));
  for (const double coverage : {0.1, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = 1 - coverage;
    EXPECT_LE(set_threshold(scores, coverage), exact);
    EXPECT_NEAR(set_threshold(scores, coverage), exact, 3e-4);
  }
}

TEST(Conformal, ASetHasTheProbableClassesAndAlwaysTheFirst) {
  const std::vector<ClassScore> scores = {{2, 0.6}, {0, 0.3}, {1, 0.1}};
  EXPECT_EQ(prediction_set(scores, 0.3).size(), 2U);
  EXPECT_EQ(prediction_set(scores, 0.7), (std::vector<ClassScore>{{2, 0.6}}));
  EXPECT_EQ(prediction_set(scores, 0).size(), 3U);
}

TEST(Conformal, AsManyScoresAsTheCoverageNeeds) {
  EXPECT_EQ(least_scores(0.9), 9U);
  EXPECT_EQ(least_scores(0.95), 19U);
  EXPECT_EQ(least_scores(0.5), 1U);
  for (const double coverage : {0.5, 0.8, 0.9, 0.95, 0.99}) {
    const std::vector<float> scores(least_scores(coverage), 0.25F);
    EXPECT_GT(set_threshold(scores, coverage), 0) << coverage;
    EXPECT_EQ(set_threshold(std::span(scores).first(scores.size() - 1), coverage), 0) << coverage;
  }
}

// Over many choices of held-out pictures the coverage is between c and c + 1/(n + 1) (Vovk et al., 2005).
TEST(Conformal, TheCoverageIsThePromisedOne) {
  constexpr int trials = 20'000, held_out = 49;
  constexpr double coverage = 0.9;
  int covered = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Random random(7, static_cast<std::uint64_t>(trial), 0);
    std::vector<float> scores;
    for (int i = 0; i < held_out; ++i) scores.push_back(static_cast<float>(random.uniform()));
    std::sort(scores.begin(), scores.end());
    covered += 1 - random.uniform() >= set_threshold(scores, coverage) ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(covered) / trials, 0.9, 4 * std::sqrt(0.09 / trials));
}

}  // namespace
}  // namespace graft
