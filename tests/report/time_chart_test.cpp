#include "graft/report/charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/shapes.h"

namespace graft {
namespace {

using ::testing::ElementsAre;

TEST(TimeChart, ShowsThePhasesOfEachEpoch) {
  const Drawing drawing = draw_times({{1, 0, 0, {}, 0, {}, 4, 2, 1.5, 100}});
  EXPECT_THAT(
      test::hints_of(drawing),
      ElementsAre("epoch 1\ntraining 2 s\nvalidation 1.5 s\nbetween 0.5 s\n50 training pictures per second"));
}

TEST(TimeChart, OfAnOlderRunHasOnePiece) {
  const Drawing drawing = draw_times({{1, 0, 0, {}, 0, {}, 4}, {2, 0, 0, {}, 0, {}, 2}});
  EXPECT_THAT(test::hints_of(drawing), ElementsAre("epoch 1\nboth phases 4 s", "epoch 2\nboth phases 2 s"));
}

TEST(TimeChart, AProbeHasItsOwnPiece) {
  EpochRecord probe{0, 0, 0, {}, 0, {}, 3};
  probe.probe = true;
  const Drawing drawing = draw_times({probe, {1, 0, 0, {}, 0, {}, 4, 2.5, 1.5}});
  EXPECT_THAT(test::hints_of(drawing), ElementsAre("probe 3 s", "epoch 1\ntraining 2.5 s\nvalidation 1.5 s"));
  EXPECT_TRUE(test::has_label(drawing, "probe"));
}

TEST(TimeChart, WithoutEpochsIsEmpty) { EXPECT_TRUE(test::hints_of(draw_times({})).empty()); }

}  // namespace
}  // namespace graft
