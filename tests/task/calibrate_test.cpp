#include "graft/task/calibrate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace graft {
namespace {

constexpr std::int64_t formula_rows = 60, formula_classes = 3;

// z = 3 sin(1.7 i + 2.3 k) + 0.5 k
torch::Tensor formula_logits() {
  torch::Tensor logits = torch::empty({formula_rows, formula_classes});
  for (std::int64_t i = 0; i < formula_rows; ++i) {
    for (std::int64_t k = 0; k < formula_classes; ++k) {
      const auto row = static_cast<double>(i), column = static_cast<double>(k);
      logits[i][k] = 3 * std::sin(1.7 * row + 2.3 * column) + 0.5 * column;
    }
  }
  return logits;
}

torch::Tensor waves(double a, double by_row, double by_column) {
  return a * torch::cos(by_row * torch::arange(formula_rows, torch::kFloat64).unsqueeze(1) +
                        by_column * torch::arange(formula_classes, torch::kFloat64).unsqueeze(0));
}

// The references are of scipy.optimize: minimize_scalar of the mean loss over the logarithm of the factor,
// and minimize(method="BFGS") for a vector.
TEST(FitScale, TheTemperatureIsThatOfScipy) {
  const auto task = make_task({LabelKind::single});
  const torch::Tensor logits = formula_logits();
  const torch::Tensor labels = (logits + waves(2.5, 3.1, 1.3)).argmax(1);
  const OutputScale scale = fit_scale(*task, 2 * logits, labels, Scaling::temperature);
  EXPECT_NEAR(1 / scale.scale.item<double>(), 2 * 1.0000655624738952, 1e-4);
  EXPECT_NEAR(task->loss(scale(2 * logits), labels, {}, {}).item<double>(), 0.36202155037361144, 1e-6);
  EXPECT_TRUE(scale(logits).argmax(1).equal(logits.argmax(1)));
}

TEST(FitScale, TheVectorIsThatOfScipy) {
  const auto task = make_task({LabelKind::single});
  const torch::Tensor logits = formula_logits();
  const torch::Tensor labels = (logits + waves(2.5, 3.1, 1.3)).argmax(1);
  const OutputScale scale = fit_scale(*task, logits, labels, Scaling::vector);
  EXPECT_NEAR(task->loss(scale(logits), labels, {}, {}).item<double>(), 0.35504742592892957, 1e-6);
  const torch::Tensor shift = scale.shift - scale.shift.mean();
  const std::array factors = {1.00175687, 1.11680927, 0.93764608};
  const std::array shifts = {-0.09608807, 0.1455096, -0.04942154};
  for (std::int64_t k = 0; k < formula_classes; ++k) {
    EXPECT_NEAR(scale.scale[k].item<double>(), factors[static_cast<std::size_t>(k)], 2e-3);
    EXPECT_NEAR(shift[k].item<double>(), shifts[static_cast<std::size_t>(k)], 2e-3);
  }
}

TEST(FitScale, SeveralClassesPerPictureHaveOneTemperature) {
  const auto task = make_task({LabelKind::multi});
  const torch::Tensor logits = formula_logits();
  const torch::Tensor truth = (logits + waves(2, 2.1, 1.1)).gt(0).to(torch::kFloat32);
  const OutputScale scale = fit_scale(*task, logits, truth, Scaling::temperature);
  EXPECT_NEAR(1 / scale.scale.item<double>(), 0.824878294943852, 1e-4);
  EXPECT_NEAR(task->loss(scale(logits), truth, {}, {}).item<double>(), 0.32859434298396406, 1e-6);
}

TEST(FitScale, ATemperatureIsBounded) {
  const auto task = make_task({LabelKind::single});
  const torch::Tensor logits = formula_logits();
  const OutputScale sure = fit_scale(*task, logits, logits.argmax(1), Scaling::temperature);
  EXPECT_NEAR(sure.scale.item<double>(), 20, 1e-3);
  const OutputScale doubtful = fit_scale(*task, logits, logits.argmin(1), Scaling::temperature);
  EXPECT_NEAR(doubtful.scale.item<double>(), 0.05, 1e-3);
}

}  // namespace
}  // namespace graft
