#include "graft/report/time_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/shapes.h"

namespace graft {
namespace {

using ::testing::ElementsAre;

TEST(TimeChart, TellsThePhasesOfEachEpoch) {
  const Drawing drawing = draw_times({{0, 0, 0, 0, 0, 0, 4, 1.0, 2, 1.5, 100}});
  EXPECT_THAT(
      test::hints_of(drawing),
      ElementsAre("epoch 0\ntraining 2 s\nvalidation 1.5 s\nbetween 0.5 s\n50 training pictures a second"));
}

TEST(TimeChart, OfAnOlderRunHasOnePiece) {
  const Drawing drawing = draw_times({{0, 0, 0, 0, 0, 0, 4}, {1, 0, 0, 0, 0, 0, 2}});
  EXPECT_THAT(test::hints_of(drawing), ElementsAre("epoch 0\nboth phases 4 s", "epoch 1\nboth phases 2 s"));
}

TEST(TimeChart, OfNoEpochsIsEmpty) { EXPECT_TRUE(test::hints_of(draw_times({})).empty()); }

}  // namespace
}  // namespace graft
