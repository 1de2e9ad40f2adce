// The result of a learning-rate search (Smith, "Cyclical Learning Rates for Training Neural Networks",
// arXiv:1506.01186), and the rates it suggests, as fastai's lr_find does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace graft {

// One step of the search.
struct LrPoint {
  double lr = 0;
  double loss = 0;      // of its batch; may be NaN after divergence
  double smoothed = 0;  // the moving average of the losses, as fastai's SmoothLoss (0.98, without its bias)
};

// Adds smoothed values one after another.
class SmoothedLoss {
 public:
  double add(double loss);

 private:
  double sum_ = 0, weight_ = 1;
};

// At the start the average has few losses, one of which can be small by chance; at the end the loss diverges.
constexpr std::int64_t steps_left_out_at_start(std::int64_t planned) { return planned / 10; }
inline constexpr std::size_t steps_left_out_at_end = 5;

// Whether a search ends, as fastai's does: the smoothed loss is four times its smallest value. Not in the
// steps left out at the start.
class Divergence {
 public:
  explicit Divergence(std::int64_t planned) : first_(steps_left_out_at_start(planned)) {}
  // `smoothed`: of the next step.
  bool add(double smoothed);

 private:
  std::int64_t first_, step_ = 0;
  double smallest_ = std::numeric_limits<double>::infinity();
};

// From the smoothed losses without the first tenth of `planned` steps and the last five steps made.
struct LrSuggestion {
  double valley = 0;   // two thirds into the longest decrease: the recommended rate
  double steep = 0;    // where the loss falls fastest
  double minimum = 0;  // a tenth of the rate of the smallest loss, or the smallest rate tried
  // The steps evaluated, from 0: the first, and one past the last.
  std::size_t first_judged = 0, end_judged = 0;
  // Of the smoothed loss, from the first step evaluated to its smallest value: a share of the first.
  double fall = 0;
};
// Throws Error if too few steps have a finite loss.
LrSuggestion suggest_lr(const std::vector<LrPoint>& points, std::int64_t planned);

// Why the suggestion is not reliable: few steps, or a loss that hardly falls. Empty if there is no reason.
std::string doubt_about(const LrSuggestion& suggestion);

// A table: lr,loss,smoothed.
std::string lr_search_csv(const std::vector<LrPoint>& points);

}  // namespace graft
