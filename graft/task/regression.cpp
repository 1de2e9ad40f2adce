// A number per picture. The network learns (number − mean) / scale, with mean and scale of the training
// targets; metrics and predictions are in the unit of the targets.
#include <algorithm>
#include <limits>
#include <optional>

#include "graft/core/csv.h"
#include "graft/metrics/number_text.h"
#include "graft/metrics/regression_metrics.h"
#include "graft/task/linear_fit.h"
#include "graft/task/target_scale.h"
#include "graft/task/tasks.h"

namespace graft {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

class Regression : public Task {
 public:
  explicit Regression(const TaskSpec& spec) : mean_(spec.mean), scale_(spec.scale) {}

  // Standardised, labels×1, float64, so that numbers far from the training targets keep their differences.
  Tensor target_table(const Folder& data) const override {
    return (torch::tensor(data.numbers, torch::kFloat64).unsqueeze(1) - mean_) / scale_;
  }

  std::string idle_reason(std::string_view option) const override {
    return option == "regression_loss" ? "" : "acts on classes, and the labels are numbers";
  }

  Tensor balanced_weights(const Folder&) const override { return {}; }

  Tensor loss(const Tensor& outputs, const Tensor& targets, const LossOptions& options,
              const Tensor&) const override {
    return options.regression_loss == RegressionLoss::huber ? F::huber_loss(outputs, targets)
                                                            : F::mse_loss(outputs, targets);
  }

  // The absolute error, in the unit of the targets.
  Tensor train_values(const Tensor& outputs, const Tensor& targets) const override {
    return (outputs - targets).abs().mean(1) * scale_;
  }
  const char* train_metric() const override { return "mae"; }

  // In float64, which represents a large mean with small differences: 1.7e9 seconds and milliseconds.
  Tensor answers(const Tensor& outputs) const override {
    return outputs.to(torch::kFloat32).cpu().to(torch::kFloat64) * scale_ + mean_;
  }
  Tensor outputs_of(const Tensor& answers) const override {
    return ((answers - mean_) / scale_).to(torch::kFloat32);
  }

  Tensor energies(const Tensor& outputs) const override { return torch::zeros({outputs.size(0)}); }

  std::vector<Prediction> predictions(const Tensor& answers, std::int64_t, double) const override {
    std::vector<Prediction> predictions;
    for (std::int64_t i = 0; i < answers.size(0); ++i) {
      Prediction each;
      each.number = answers[i][0].item<double>();
      predictions.push_back(std::move(each));
    }
    return predictions;
  }

  std::optional<bool> is_right(const Prediction&, const std::string&,
                               const std::vector<std::string>&) const override {
    return std::nullopt;
  }

  void add_rows(const Tensor& outputs, const std::vector<std::uint32_t>& indices,
                const std::vector<std::int64_t>& labels, const Tensor& table,
                Outcomes& result) const override {
    const Tensor given = outputs.squeeze(1).to(torch::kFloat64);
    const Tensor rows = table.cpu().index_select(0, torch::tensor(labels, torch::kInt64));
    const Tensor wanted = rows.squeeze(1).to(torch::kFloat64);
    const auto own = given.accessor<double, 1>(), truth = wanted.accessor<double, 1>();
    for (std::int64_t i = 0; i < given.size(0); ++i) {
      const auto n = static_cast<std::size_t>(i);
      Outcome outcome{indices[n], labels[n]};
      outcome.probability = std::numeric_limits<double>::quiet_NaN();
      outcome.loss = (own[i] - truth[i]) * (own[i] - truth[i]);
      outcome.number = own[i] * scale_ + mean_;
      outcome.true_number = truth[i] * scale_ + mean_;
      result.outcomes.push_back(outcome);
    }
  }

  MetricValues metrics(const Outcomes& outcomes) const override { return number_values(outcomes); }

  std::string prediction_words(const Outcomes& outcomes, std::size_t i,
                               const std::vector<std::string>&) const override {
    return csv_number(outcomes.outcomes[i].number);
  }

  double spread() const override { return scale_; }

  void absorb_scale(Tensor weight, Tensor bias) const override {
    rescale_head(weight, bias, {LabelKind::number, mean_, scale_}, {LabelKind::number});
  }

  std::string labels_words(const Folder& train) const override {
    const auto [least, most] = std::minmax_element(train.numbers.begin(), train.numbers.end());
    return "the number " + train.classes.front() + ", from " + number_text(*least) + " to " +
           number_text(*most);
  }
  const char* probe_words() const override { return "ridge regression"; }

  LinearFit fit(const Tensor& features, const Tensor& targets, std::int64_t, double l2, const LinearFit*,
                bool with_bias, const LinearFit* prior) const override {
    return fit_ridge(features, targets, l2, with_bias, prior);
  }
  double fit_loss(const LinearFit& fit, const Tensor& features, const Tensor& targets) const override {
    return F::mse_loss(torch::linear(features, fit.weight, fit.bias), targets).item<double>();
  }
  std::vector<std::int64_t> strata(const std::vector<std::int64_t>& labels) const override {
    return std::vector<std::int64_t>(labels.size(), 0);
  }

 private:
  double mean_, scale_;
};

}  // namespace

std::unique_ptr<const Task> make_regression(const TaskSpec& spec) {
  return std::make_unique<const Regression>(spec);
}

}  // namespace graft
