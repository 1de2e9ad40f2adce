#include "graft/train/mix.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace graft {
namespace {

double draw_normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log1p(-random.uniform()));  // 1 − u is never 0
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

// The logarithm of a number from Gamma(alpha, 1), because small alphas give numbers too small for a double.
// Marsaglia and Tsang, 2000; for alpha below 1 by Gamma(alpha) = Gamma(alpha + 1) · U^(1 / alpha).
double draw_log_gamma(double alpha, Random& random) {
  if (alpha < 1) {
    const double more = draw_log_gamma(alpha + 1, random);
    return more + std::log1p(-random.uniform()) / alpha;
  }
  const double d = alpha - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = draw_normal(random);
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log1p(-random.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

Mix::Box draw_box(double share, std::int64_t height, std::int64_t width, Random& random) {
  const auto center_x = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(width)));
  const auto center_y = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(height)));
  const double side = 0.5 * std::sqrt(1 - share);
  const auto half_width = static_cast<std::int64_t>(side * static_cast<double>(width));
  const auto half_height = static_cast<std::int64_t>(side * static_cast<double>(height));
  const auto inside = [](std::int64_t at, std::int64_t end) { return std::clamp<std::int64_t>(at, 0, end); };
  return {inside(center_y - half_height, height), inside(center_x - half_width, width),
          inside(center_y + half_height, height), inside(center_x + half_width, width)};
}

}  // namespace

double draw_beta(double alpha, Random& random) {
  const double a = draw_log_gamma(alpha, random), b = draw_log_gamma(alpha, random);
  return 1 / (1 + std::exp(b - a));
}

std::optional<Mix> draw_mix(const MixOptions& options, std::int64_t height, std::int64_t width,
                            Random random) {
  if (options.mixup == 0 && options.cutmix == 0) return std::nullopt;
  const bool coin = random.uniform() < 0.5;
  const bool cut = options.mixup == 0 || (options.cutmix > 0 && coin);
  Mix mix{draw_beta(cut ? options.cutmix : options.mixup, random), std::nullopt};
  if (cut) {
    mix.box = draw_box(mix.share, height, width, random);
    const auto area = (mix.box->bottom - mix.box->top) * (mix.box->right - mix.box->left);
    mix.share = 1 - static_cast<double>(area) / static_cast<double>(height * width);
  }
  return mix;
}

MixedBatch mix_batch(const torch::Tensor& images, const torch::Tensor& targets, const Mix& mix) {
  const torch::NoGradGuard no_gradients;
  MixedBatch mixed;
  const torch::Tensor own = targets.to(images.scalar_type());
  mixed.targets = own.roll(1, 0).mul_(1 - mix.share).add_(own, mix.share);
  if (!mix.box) {
    mixed.images = images.roll(1, 0).mul_(1 - mix.share).add_(images, mix.share);
    return mixed;
  }
  const auto part = [&](const torch::Tensor& whole) {
    return whole.slice(2, mix.box->top, mix.box->bottom).slice(3, mix.box->left, mix.box->right);
  };
  mixed.images = images.clone();
  part(mixed.images).copy_(part(images.roll(1, 0)));
  return mixed;
}

}  // namespace graft
