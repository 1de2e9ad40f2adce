#include "graft/train/divergence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/error_of.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Divergence : public ::testing::Test {
 protected:
  Divergence() {
    recipe_.epochs = 4;
    recipe_.optimizer.lr = 0.5;
    recipe_.schedule.schedule = Schedule::cosine;
  }

  Recipe recipe_;
  std::vector<EpochRecord> history_;
  DivergenceCheck check_{recipe_, 10, history_};
};

TEST_F(Divergence, NamesTheStepAndItsRate) {
  EXPECT_NO_THROW(check_.losses(2, std::nullopt));
  EXPECT_THAT(
      test::error_of([&] { check_.losses(2, 0); }),
      AllOf(HasSubstr("epoch 3, step 1"), HasSubstr("learning rate 0.25"), HasSubstr("`on_nan` skip")));
}

TEST_F(Divergence, NotAllStepsMayBeSkipped) {
  recipe_.on_nan = OnNan::skip;
  EXPECT_NO_THROW(check_.steps(0, {1, 1, 1, 9}));
  EXPECT_THAT(test::error_of([&] {
                check_.steps(0, {0, 0, 0, 10});
              }),
              AllOf(HasSubstr("epoch 1"), testing::Not(HasSubstr("`on_nan` skip"))));
}

TEST_F(Divergence, NamesTheWeightThatIsNotFinite) {
  const Model model = test::tiny_model({"a", "b"});
  EXPECT_NO_THROW(check_.weights(0, *model.network));
  model.network->head()->bias.detach()[1] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(test::error_of([&] { check_.weights(0, *model.network); }),
              AllOf(HasSubstr("epoch 1"), HasSubstr("fc.bias")));
}

TEST_F(Divergence, OutputsThatAreNotFiniteNameTheRate) {
  EXPECT_THAT(test::error_of(
                  [&] { check_.answers(0, Error("a.jpg", "the network gives NaN", "use other weights")); }),
              AllOf(HasSubstr("epoch 1: the network gives NaN in validation (learning rate 0."),
                    HasSubstr("try a smaller `lr`"), testing::Not(HasSubstr("other weights")),
                    testing::Not(HasSubstr("`on_nan` skip"))));
}

TEST_F(Divergence, ReportsWhetherThereIsAModel) {
  EXPECT_THAT(test::error_of([&] { check_.losses(0, 0); }),
              AllOf(HasSubstr("there is no model yet"), testing::Not(HasSubstr("is kept"))));
  history_.emplace_back();
  EXPECT_THAT(test::error_of([&] { check_.losses(1, 0); }), HasSubstr("the best model so far is kept"));
}

}  // namespace
}  // namespace graft
