#include "graft/train/probe.h"

#include <array>
#include <cmath>
#include <optional>

#include "graft/core/error.h"
#include "graft/models/finite.h"
#include "graft/task/linear_fit.h"

namespace graft {
namespace {

using torch::Tensor;

constexpr std::size_t folds = 5;
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

std::vector<std::int64_t> label_list(const Tensor& labels) {
  const Tensor whole = labels.contiguous();
  const auto* first = whole.const_data_ptr<std::int64_t>();
  return {first, first + whole.numel()};
}

// The folds of a table, each with the fit of the previous l2.
class Folds {
 public:
  Folds(const ViewTable& table, const Task& task, const Tensor& targets, std::int64_t outputs, bool with_bias,
        std::uint64_t seed, const LinearFit* prior)
      : table_(table),
        task_(task),
        targets_(targets),
        outputs_(outputs),
        with_bias_(with_bias),
        prior_(prior),
        fits_(folds) {
    const auto labels = label_list(table.labels.slice(0, 0, table.pictures));
    fold_of_ = torch::tensor(probe_folds(task, labels, seed), torch::kInt64);
  }

  // The mean loss of the pictures in the models that did not see them, and these models' outputs.
  struct HeldOut {
    double loss = 0;
    Tensor outputs;
  };
  HeldOut fit(double l2) {
    HeldOut result{0, torch::zeros({table_.pictures, outputs_})};
    for (std::size_t fold = 0; fold < folds; ++fold) {
      const auto number = static_cast<std::int64_t>(fold);
      const Tensor held_out = fold_of_.eq(number).nonzero().flatten();
      const Tensor kept = table_.rows_of(fold_of_.ne(number).nonzero().flatten());
      if (held_out.numel() == 0 || kept.numel() == 0) continue;
      LinearFit& before = fits_[fold];
      before = task_.fit(table_.features.index_select(0, kept),
                         task_.targets(targets_, table_.labels.index_select(0, kept)), outputs_, l2,
                         before.weight.defined() ? &before : nullptr, with_bias_, prior_);
      const Tensor unseen = table_.features.index_select(0, held_out);
      const Tensor truth = task_.targets(targets_, table_.labels.index_select(0, held_out));
      result.loss += static_cast<double>(held_out.numel()) / static_cast<double>(table_.pictures) *
                     task_.fit_loss(before, unseen, truth);
      result.outputs.index_copy_(0, held_out, torch::linear(unseen, before.weight, before.bias));
    }
    return result;
  }

 private:
  const ViewTable& table_;
  const Task& task_;
  const Tensor& targets_;
  std::int64_t outputs_;
  bool with_bias_;
  const LinearFit* prior_;  // as for Task::fit()
  Tensor fold_of_;
  std::vector<LinearFit> fits_;
};

CrossValidatedProbe cross_validate(const ViewTable& table, const Task& task, const Tensor& targets,
                                   std::int64_t outputs, bool with_bias, std::uint64_t seed,
                                   const LinearFit* prior = nullptr) {
  Folds of_table(table, task, targets, outputs, with_bias, seed, prior);
  CrossValidatedProbe best;
  for (const double l2 : l2_grid) {
    const Folds::HeldOut held_out = of_table.fit(l2);
    const bool is_better = held_out.loss < best.fit.cv_loss || std::isnan(best.fit.cv_loss);
    if (best.outputs.defined() && !is_better) continue;
    best = {{l2, held_out.loss}, held_out.outputs};
  }
  return best;
}

// The table with features that are centred and divided by one number.
struct ScaledTable {
  ViewTable table;
  Scaling scaling;
};
ScaledTable scaled_table(const ViewFeatures& train, bool with_bias) {
  ViewTable table = view_table(train);
  const Scaling scaling = scaling_of(table.features, with_bias);
  table.features = (table.features - scaling.mean) / scaling.scale;
  if (!std::isfinite(scaling.scale) || !all_finite(table.features)) refuse_features();
  return {table, scaling};
}

}  // namespace

std::vector<int> probe_folds(const Task& task, const std::vector<std::int64_t>& labels, std::uint64_t seed) {
  return stratified_folds(task.strata(labels), static_cast<int>(folds), seed);
}

CrossValidatedProbe cross_validate_probe(const Task& task, const torch::Tensor& targets,
                                         const ViewFeatures& train, std::int64_t outputs, bool with_bias,
                                         std::uint64_t seed) {
  const torch::NoGradGuard no_gradients;
  return cross_validate(scaled_table(train, with_bias).table, task, targets, outputs, with_bias, seed);
}

ProbeFit fit_head(Network& network, const Task& task, const torch::Tensor& targets, const ViewFeatures& train,
                  std::uint64_t seed, FitPrior prior) {
  const torch::NoGradGuard no_gradients;
  const torch::nn::Linear head = network.head();
  const std::int64_t outputs = head->weight.size(0);
  const bool with_bias = head->bias.defined();
  const auto [table, scaling] = scaled_table(train, with_bias);
  const std::optional<LinearFit> centre =
      prior == FitPrior::head ? std::optional(scaled_head(head, scaling)) : std::nullopt;
  const LinearFit* at = centre ? &*centre : nullptr;
  const ProbeFit best = cross_validate(table, task, targets, outputs, with_bias, seed, at).fit;
  const LinearFit fit =
      task.fit(table.features, task.targets(targets, table.labels), outputs, best.l2, nullptr, with_bias, at);
  const Tensor weight = fit.weight / scaling.scale;
  const Tensor bias = fit.bias - weight.mv(scaling.mean);
  if (!all_finite(weight) || !all_finite(bias)) refuse_features();
  head->weight.copy_(weight);
  if (with_bias) head->bias.copy_(bias);
  return best;
}

}  // namespace graft
