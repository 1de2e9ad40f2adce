#include "graft/run/lr_search.h"

#include <algorithm>
#include <cmath>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft {
namespace {

constexpr double keeps = 0.98;       // weight of the average at each step
constexpr double least_fall = 0.02;  // a smoothed loss falls by about 1 % by chance
constexpr std::size_t enough_steps = 20;

std::vector<LrPoint> judged(const std::vector<LrPoint>& points, std::size_t first) {
  std::vector<LrPoint> kept;
  for (std::size_t i = first; i + steps_left_out_at_end < points.size(); ++i) {
    if (!std::isfinite(points[i].smoothed)) break;
    kept.push_back(points[i]);
  }
  return kept;
}

std::size_t valley_of(const std::vector<LrPoint>& points) {
  // The length of the longest decreasing subsequence that ends at each point.
  std::vector<std::size_t> length(points.size(), 1);
  std::size_t end = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (points[i].smoothed < points[j].smoothed) length[i] = std::max(length[i], length[j] + 1);
    }
    if (length[i] > length[end]) end = i;
  }
  // Like fastai, treats the subsequence as contiguous before its end.
  const auto start = static_cast<std::int64_t>(end) - static_cast<std::int64_t>(length[end]);
  const double third = static_cast<double>(length[end]) / 3;
  const auto at = start + static_cast<std::int64_t>(third) + static_cast<std::int64_t>(third / 2);
  return static_cast<std::size_t>(std::max<std::int64_t>(at, 0));
}

std::size_t steepest_of(const std::vector<LrPoint>& points) {
  const auto slope = [&](std::size_t i) {
    return (points[i + 1].smoothed - points[i].smoothed) / std::log(points[i + 1].lr / points[i].lr);
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    if (slope(i) < slope(best)) best = i;
  }
  return best;
}

}  // namespace

double SmoothedLoss::add(double loss) {
  sum_ = keeps * sum_ + (1 - keeps) * loss;
  weight_ *= keeps;
  return sum_ / (1 - weight_);
}

bool Divergence::add(double smoothed) {
  constexpr double exploded = 4;
  if (!std::isfinite(smoothed)) return true;
  if (step_++ < first_) return false;
  smallest_ = std::min(smallest_, smoothed);
  return smoothed > exploded * smallest_;
}

LrSuggestion suggest_lr(const std::vector<LrPoint>& all, std::int64_t planned) {
  const auto first = static_cast<std::size_t>(steps_left_out_at_start(planned));
  const std::vector<LrPoint> points = judged(all, first);
  if (points.size() < 3)
    throw Error("find-lr", "only " + counted(points.size(), "step") + " can be evaluated",
                "use more `steps` or a smaller `from`");
  const auto smallest =
      std::min_element(points.begin(), points.end(),
                       [](const LrPoint& a, const LrPoint& b) { return a.smoothed < b.smoothed; });
  return {points[valley_of(points)].lr,
          points[steepest_of(points)].lr,
          std::max(smallest->lr / 10, all.front().lr),
          first,
          first + points.size(),
          1 - smallest->smoothed / points.front().smoothed};
}

std::string doubt_about(const LrSuggestion& suggestion) {
  if (suggestion.fall < least_fall)
    return format_text(
        "the loss falls by only %.1f %%, so the suggested rate is not reliable; search another range "
        "(`from`, `to`)",
        100 * suggestion.fall);
  const std::size_t judged = suggestion.end_judged - suggestion.first_judged;
  if (judged < enough_steps)
    return "only " + counted(judged, "step") +
           " can be evaluated, so the suggested rate is not reliable; use more `steps`";
  return "";
}

std::string lr_search_csv(const std::vector<LrPoint>& points) {
  std::string text = csv_line({"lr", "loss", "smoothed"});
  for (const LrPoint& point : points)
    text += csv_line({csv_number(point.lr), csv_number(point.loss), csv_number(point.smoothed)});
  return text;
}

}  // namespace graft
