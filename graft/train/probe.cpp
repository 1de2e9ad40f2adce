#include "graft/train/probe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "graft/core/error.h"
#include "graft/models/finite.h"
#include "graft/task/linear_fit.h"

namespace graft {
namespace {

using torch::Tensor;

constexpr int folds = 5;
// In descending order: each fit starts from the previous one.
constexpr std::array<double, 9> l2_grid = {3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003};

// Every view of every picture, view by view.
struct ViewTable {
  Tensor features, labels;  // (views·N)×F, views·N
  std::int64_t pictures = 0, views = 0;

  // The rows of the chosen pictures in all views.
  Tensor rows_of(const Tensor& chosen) const {
    return (torch::arange(views).unsqueeze(1) * pictures + chosen.unsqueeze(0)).flatten();
  }
};

ViewTable view_table(const ViewFeatures& train) {
  std::vector<Tensor> features = {train.centre.features};
  features.insert(features.end(), train.more.begin(), train.more.end());
  const Tensor labels = torch::tensor(train.centre.labels, torch::kInt64);
  const auto views = static_cast<std::int64_t>(features.size());
  return {torch::cat(features), labels.repeat({views}), labels.size(0), views};
}

struct Scaling {
  Tensor mean;
  double scale = 1;
};

// A head without a bias cannot undo a shift of the features.
Scaling scaling_of(const Tensor& features, bool with_bias) {
  const Tensor mean = with_bias ? features.mean(0) : torch::zeros({features.size(1)});
  const double variance = (features - mean).square().mean().item<double>();
  return {mean, variance > 0 ? std::sqrt(variance) : 1};
}

[[noreturn]] void refuse_features() {
  throw Error("probe", "the features are too large to fit a head", "use other weights");
}

// The head for scaled features.
LinearFit scaled_head(const torch::nn::Linear& head, const Scaling& scaling) {
  const Tensor weight = head->weight.detach().to(torch::kCPU, torch::kFloat32);
  const Tensor bias = head->bias.defined() ? head->bias.detach().to(torch::kCPU, torch::kFloat32)
                                           : torch::zeros({weight.size(0)});
  return {weight * scaling.scale, bias + weight.mv(scaling.mean)};
}

Scaling scale_features(ViewTable& table, bool with_bias) {
  const Scaling scaling = scaling_of(table.features, with_bias);
  table.features = (table.features - scaling.mean) / scaling.scale;
  if (!std::isfinite(scaling.scale) || !all_finite(table.features)) refuse_features();
  return scaling;
}

using Losses = std::array<double, l2_grid.size()>;
// Called for each fold and index into l2_grid with the held-out pictures, their features and the fit.
using VisitFit =
    std::function<void(std::size_t l2, const Tensor& held_out, const Tensor& unseen, const LinearFit& fit)>;

std::size_t index_of_least(const Losses& losses) {
  return static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
}

// The mean loss over the folds for each l2.
Losses cross_validate(const ViewTable& table, const Task& task, const Tensor& targets, std::int64_t outputs,
                      bool with_bias, std::uint64_t seed, const LinearFit* prior,
                      const VisitFit& visit = {}) {
  const Tensor first_labels = table.labels.slice(0, 0, table.pictures).contiguous();
  const std::vector<std::int64_t> labels(first_labels.const_data_ptr<std::int64_t>(),
                                         first_labels.const_data_ptr<std::int64_t>() + table.pictures);
  const Tensor fold_of = torch::tensor(stratified_folds(task.strata(labels), folds, seed), torch::kInt64);
  Losses losses{};
  for (int fold = 0; fold < folds; ++fold) {
    const Tensor held_out = fold_of.eq(fold).nonzero().flatten();
    const Tensor kept = table.rows_of(fold_of.ne(fold).nonzero().flatten());
    if (held_out.numel() == 0 || kept.numel() == 0) continue;
    const Tensor features = table.features.index_select(0, kept);
    const Tensor own = task.targets(targets, table.labels.index_select(0, kept));
    const Tensor unseen = table.features.index_select(0, held_out);
    const Tensor truth = task.targets(targets, table.labels.index_select(0, held_out));
    const double share = static_cast<double>(held_out.numel()) / static_cast<double>(table.pictures);
    LinearFit fit;
    for (std::size_t i = 0; i < l2_grid.size(); ++i) {
      fit = task.fit(features, own, outputs, l2_grid[i], i == 0 ? nullptr : &fit, with_bias, prior);
      losses[i] += share * task.fit_loss(fit, unseen, truth);
      if (visit) visit(i, held_out, unseen, fit);
    }
  }
  return losses;
}

}  // namespace

ProbeFit fit_head(Network& network, const Task& task, const torch::Tensor& targets, const ViewFeatures& train,
                  std::uint64_t seed, FitPrior prior) {
  const torch::NoGradGuard no_gradients;
  const torch::nn::Linear head = network.head();
  const std::int64_t outputs = head->weight.size(0);
  const bool with_bias = head->bias.defined();
  ViewTable table = view_table(train);
  const Scaling scaling = scale_features(table, with_bias);
  const std::optional<LinearFit> centre =
      prior == FitPrior::head ? std::optional(scaled_head(head, scaling)) : std::nullopt;
  const LinearFit* at = centre ? &*centre : nullptr;
  const Losses losses = cross_validate(table, task, targets, outputs, with_bias, seed, at);
  const std::size_t best = index_of_least(losses);
  const LinearFit fit = task.fit(table.features, task.targets(targets, table.labels), outputs, l2_grid[best],
                                 nullptr, with_bias, at);
  const Tensor weight = fit.weight / scaling.scale;
  const Tensor bias = fit.bias - weight.mv(scaling.mean);
  if (!all_finite(weight) || !all_finite(bias)) refuse_features();
  head->weight.copy_(weight);
  if (with_bias) head->bias.copy_(bias);
  return {l2_grid[best], losses[best]};
}

torch::Tensor held_out_outputs(const Task& task, const torch::Tensor& targets, const FeatureSet& features,
                               std::int64_t outputs, std::uint64_t seed) {
  const torch::NoGradGuard no_gradients;
  ViewTable table = view_table({features, {}});
  scale_features(table, true);
  const Tensor of_each_l2 =
      torch::zeros({static_cast<std::int64_t>(l2_grid.size()), table.pictures, outputs});
  const Losses losses =
      cross_validate(table, task, targets, outputs, true, seed, nullptr,
                     [&](std::size_t l2, const Tensor& held_out, const Tensor& unseen, const LinearFit& fit) {
                       of_each_l2[static_cast<std::int64_t>(l2)].index_copy_(
                           0, held_out, torch::addmm(fit.bias, unseen, fit.weight.t()));
                     });
  return of_each_l2[static_cast<std::int64_t>(index_of_least(losses))];
}

}  // namespace graft
