#include "graft/train/schedule.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// The values of torch.optim.lr_scheduler.StepLR(step_size=7, gamma=0.1) over 25 epochs from 0.001.
TEST(Schedule, EqualsStepLR) {
  const ScheduleOptions options;
  for (int epoch = 0; epoch < 25; ++epoch) {
    const double expected = epoch < 7 ? 0.001 : epoch < 14 ? 0.0001 : epoch < 21 ? 1e-5 : 1e-6;
    EXPECT_NEAR(learning_rate_at(options, 0.001, epoch, 25), expected, expected * 1e-12) << epoch;
    EXPECT_EQ(learning_rate_at(options, 0.001, epoch + 0.9, 25), learning_rate_at(options, 0.001, epoch, 25));
  }
}

TEST(Schedule, AGammaOfOneHoldsTheRate) {
  EXPECT_EQ(learning_rate_at({.step_size = 1, .gamma = 1}, 0.5, 100, 200), 0.5);
}

TEST(Schedule, ConstantHoldsTheRate) {
  EXPECT_EQ(learning_rate_at({.schedule = Schedule::constant}, 0.5, 99.5, 100), 0.5);
}

// torch.optim.lr_scheduler.CosineAnnealingLR(T_max=4) from 0.1.
TEST(Schedule, EqualsCosineAnnealingLR) {
  const double expected[] = {0.1, 0.085355339059327, 0.05, 0.014644660940673, 0.0};
  for (int epoch = 0; epoch <= 4; ++epoch)
    EXPECT_NEAR(learning_rate_at({.schedule = Schedule::cosine}, 0.1, epoch, 4), expected[epoch], 1e-12);
}

// torch's SequentialLR of LinearLR(start_factor=0.01, total_iters=2) and CosineAnnealingLR(T_max=4).
TEST(Schedule, WarmsUpLinearlyBeforeWhatFollows) {
  const ScheduleOptions options{.schedule = Schedule::cosine, .warmup_epochs = 2};
  const double expected[] = {0.001, 0.0505, 0.1, 0.085355339059327, 0.05, 0.014644660940673, 0.0};
  for (int epoch = 0; epoch <= 6; ++epoch)
    EXPECT_NEAR(learning_rate_at(options, 0.1, epoch, 6), expected[epoch], 1e-12) << epoch;
}

// torch.optim.lr_scheduler.OneCycleLR(max_lr=0.1, total_steps=100001), every 10,000th rate. Its peak is one
// step before 30 %, so short cycles differ by a step.
TEST(Schedule, EqualsOneCycleLR) {
  const double expected[] = {0.004,        0.0280010158,  0.0760020315, 0.1,
                             0.095047879,  0.0811736882,  0.0611253271, 0.0388735415,
                             0.0188254837, 0.00495183944, 4e-07};
  const ScheduleOptions options{.schedule = Schedule::one_cycle};
  for (int tenth = 0; tenth <= 10; ++tenth)
    EXPECT_NEAR(learning_rate_at(options, 0.1, tenth * 0.1, 1), expected[tenth], 5e-6) << tenth;
}

TEST(Schedule, TheMeanOfAConstantRateIsTheRate) {
  for (int epoch = 0; epoch < 25; ++epoch) {
    for (const std::int64_t steps : {1, 7, 1000})
      EXPECT_EQ(mean_learning_rate({}, 0.001, epoch, 25, steps), learning_rate_at({}, 0.001, epoch, 25));
  }
  EXPECT_EQ(mean_learning_rate({.schedule = Schedule::constant}, 0.3, 3, 9, 61), 0.3);
}

TEST(Schedule, TheMeanIsOverTheSteps) {
  // Half cosines at 0, 0.25, 0.5, 0.75: 1, 0.853553, 0.5, 0.146447.
  EXPECT_NEAR(mean_learning_rate({.schedule = Schedule::cosine}, 0.1, 0, 1, 4), 0.0625, 1e-12);
  // The preset fast: 0.01 and 0.505 of the rate in the warm-up, then 1 and 0.975528258.
  const ScheduleOptions fast{.schedule = Schedule::cosine, .warmup_epochs = 0.5};
  EXPECT_NEAR(mean_learning_rate(fast, 0.002, 0, 3, 4), 0.002 * 2.490528258 / 4, 1e-12);
  EXPECT_EQ(mean_learning_rate(fast, 0.002, 0, 3, 1), learning_rate_at(fast, 0.002, 0, 3));
}

TEST(Schedule, AWarmupLongerThanTheTrainingOnlyRises) {
  const ScheduleOptions options{.schedule = Schedule::cosine, .warmup_epochs = 10};
  EXPECT_LT(learning_rate_at(options, 0.1, 1, 3), learning_rate_at(options, 0.1, 2.9, 3));
}

}  // namespace
}  // namespace graft
