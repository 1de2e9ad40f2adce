// One class per picture: cross entropy over a softmax.
#include <algorithm>

#include "graft/core/text.h"
#include "graft/task/tasks.h"

namespace graft {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

class SingleLabel : public Task {
 public:
  Tensor target_table(const Folder&) const override { return {}; }

  std::string idle_reason(std::string_view option) const override {
    return option == "regression_loss" ? not_numbers : "";
  }

  // scikit-learn's "balanced": samples / (classes · samples of the class), float32; 0 for a class without
  // samples.
  Tensor balanced_weights(const Folder& train) const override {
    const auto counts = train.count_per_class();
    Tensor weights = torch::zeros({static_cast<std::int64_t>(counts.size())});
    const auto samples = static_cast<double>(train.samples.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0)
        weights.data_ptr<float>()[i] = static_cast<float>(
            samples / (static_cast<double>(counts.size()) * static_cast<double>(counts[i])));
    }
    return weights;
  }

  // torch.nn.CrossEntropyLoss. targets: N labels, or N×classes probabilities.
  Tensor loss(const Tensor& outputs, const Tensor& targets, const LossOptions& options,
              const Tensor& weights) const override {
    auto cross_entropy = F::CrossEntropyFuncOptions().label_smoothing(options.label_smoothing);
    if (weights.defined()) cross_entropy.weight(weights);
    return F::cross_entropy(outputs, targets, cross_entropy);
  }

  // Whether the target class has the largest logit; for a mixed image the class with the larger share.
  Tensor train_values(const Tensor& outputs, const Tensor& targets) const override {
    return outputs.argmax(1).eq(targets.dim() == 1 ? targets : targets.argmax(1));
  }
  const char* train_metric() const override { return "acc"; }

  Tensor answers(const Tensor& outputs) const override {
    return torch::softmax(outputs.to(torch::kFloat32), 1);
  }
  Tensor outputs_of(const Tensor& answers) const override { return torch::log(answers); }

  Tensor energies(const Tensor& outputs) const override {
    return -torch::logsumexp(outputs.to(torch::kFloat32), 1);
  }

  std::vector<Prediction> predictions(const Tensor& answers, std::int64_t top_k, double) const override {
    std::vector<Prediction> predictions;
    for (auto& scores : top_scores(answers, top_k)) {
      Prediction each{"", std::move(scores)};
      each.named = {each.top.front()};
      predictions.push_back(std::move(each));
    }
    return predictions;
  }

  std::optional<bool> is_right(const Prediction& prediction, const std::string& label,
                               const std::vector<std::string>& classes) const override {
    if (std::find(classes.begin(), classes.end(), label) == classes.end()) return std::nullopt;
    return classes.at(static_cast<std::size_t>(prediction.named.front().index)) == label;
  }

  void add_rows(const Tensor& outputs, const std::vector<std::uint32_t>& indices,
                const std::vector<std::int64_t>& labels, const Tensor&, Outcomes& result) const override {
    const auto truth = torch::tensor(labels, torch::kInt64);
    const auto log_probabilities = torch::log_softmax(outputs, 1);
    const auto [best, predicted] = log_probabilities.max(1);
    const auto of_truth = log_probabilities.gather(1, truth.unsqueeze(1));
    const auto rank = log_probabilities.gt(of_truth).sum(1);
    const auto table = torch::stack(
        {predicted.to(torch::kFloat32), best.exp(), -of_truth.squeeze(1), rank.to(torch::kFloat32)}, 1);
    const auto row = table.accessor<float, 2>();
    for (std::int64_t i = 0; i < table.size(0); ++i) {
      const auto n = static_cast<std::size_t>(i);
      result.outcomes.push_back({indices[n], labels[n], static_cast<std::int64_t>(row[i][0]), row[i][1],
                                 row[i][2], static_cast<std::int64_t>(row[i][3])});
    }
  }

  MetricValues metrics(const Outcomes& outcomes) const override { return class_values(outcomes); }

  ClassTable class_table(const Outcomes& outcomes, const std::vector<std::string>& classes) const override {
    ClassTable table{{"precision", "recall", "f1"}, {}, {}};
    table.confusion = confusion_matrix(outcomes.outcomes, static_cast<std::int64_t>(classes.size()));
    const auto metrics = class_metrics(table.confusion);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const ClassMetrics& f = metrics[i];
      table.rows.push_back({classes[i], {f.precision, f.recall, f.f1}, f.support});
    }
    return table;
  }

  std::string prediction_words(const Outcomes& outcomes, std::size_t i,
                               const std::vector<std::string>& classes) const override {
    return classes.at(static_cast<std::size_t>(outcomes.outcomes[i].predicted));
  }

  std::string labels_words(const Folder& train) const override {
    return counted(train.classes.size(), "class") + ": " + shorten_list(train.classes, max_named_classes);
  }
};

}  // namespace

std::unique_ptr<const Task> make_single_label() { return std::make_unique<const SingleLabel>(); }

std::vector<std::vector<ClassScore>> top_scores(const Tensor& probabilities, std::int64_t count) {
  const auto [values, indices] = probabilities.cpu().topk(std::min(count, probabilities.size(1)), 1);
  const auto value = values.accessor<float, 2>();
  const auto index = indices.accessor<std::int64_t, 2>();
  std::vector<std::vector<ClassScore>> rows(static_cast<std::size_t>(values.size(0)));
  for (std::int64_t i = 0; i < values.size(0); ++i) {
    for (std::int64_t j = 0; j < values.size(1); ++j)
      rows[static_cast<std::size_t>(i)].push_back({index[i][j], value[i][j]});
  }
  return rows;
}

}  // namespace graft
