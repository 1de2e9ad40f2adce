// Any number of classes per picture: a sigmoid for each class.
#include <algorithm>
#include <set>

#include "graft/core/text.h"
#include "graft/task/tasks.h"

namespace graft {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

constexpr double default_threshold = 0.5;

class MultiLabel : public Task {
 public:
  // 0 and 1, as uint8 to save memory: there may be as many labels as pictures.
  Tensor target_table(const Folder& data) const override {
    Tensor table = torch::zeros(
        {static_cast<std::int64_t>(data.class_sets.size()), static_cast<std::int64_t>(data.classes.size())},
        torch::kUInt8);
    auto cell = table.accessor<std::uint8_t, 2>();
    for (std::size_t i = 0; i < data.class_sets.size(); ++i) {
      for (const std::int64_t index : data.class_sets[i]) cell[static_cast<std::int64_t>(i)][index] = 1;
    }
    return table;
  }

  std::string idle_reason(std::string_view option) const override {
    return option == "regression_loss" ? not_numbers : "";
  }

  // Pictures without a class per picture with it, float32 (torch.nn.BCEWithLogitsLoss's pos_weight); 1 for a
  // class without pictures, and for one that every picture has, which would not be learned.
  Tensor balanced_weights(const Folder& train) const override {
    const auto counts = train.count_per_class();
    Tensor weights = torch::ones({static_cast<std::int64_t>(counts.size())});
    const auto samples = static_cast<double>(train.samples.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const auto shown = static_cast<double>(counts[i]);
      if (counts[i] > 0 && shown < samples)
        weights.data_ptr<float>()[i] = static_cast<float>((samples - shown) / shown);
    }
    return weights;
  }

  // The mean of binary cross entropies (torch.nn.BCEWithLogitsLoss); label smoothing moves each target
  // towards 0.5.
  Tensor loss(const Tensor& outputs, const Tensor& targets, const LossOptions& options,
              const Tensor& weights) const override {
    const double smoothing = options.label_smoothing;
    const Tensor wanted = targets * (1 - smoothing) + 0.5 * smoothing;
    return torch::binary_cross_entropy_with_logits(outputs, wanted, {}, weights);
  }

  // Whether every class is predicted correctly.
  Tensor train_values(const Tensor& outputs, const Tensor& targets) const override {
    return outputs.ge(0).eq(targets.ge(0.5)).all(1);
  }
  const char* train_metric() const override { return "acc"; }

  Tensor answers(const Tensor& outputs) const override { return torch::sigmoid(outputs.to(torch::kFloat32)); }
  Tensor outputs_of(const Tensor& answers) const override { return torch::logit(answers); }

  Tensor energies(const Tensor& outputs) const override {
    return -F::softplus(outputs.to(torch::kFloat32)).sum(1);
  }

  void check_threshold(double) const override {}

  std::vector<Prediction> predictions(const Tensor& answers, std::int64_t top_k,
                                      double threshold) const override {
    if (threshold < 0) threshold = default_threshold;
    std::vector<Prediction> predictions;
    for (auto& scores : top_scores(answers, answers.size(1))) {
      Prediction each;
      for (const ClassScore& score : scores) {
        if (score.probability >= threshold) each.named.push_back(score);
      }
      scores.resize(std::min(scores.size(), static_cast<std::size_t>(top_k)));
      each.top = std::move(scores);
      predictions.push_back(std::move(each));
    }
    return predictions;
  }

  std::optional<bool> is_right(const Prediction& prediction, const std::string& label,
                               const std::vector<std::string>& classes) const override {
    std::set<std::string> wanted, named;
    for (std::string& name : split(label, '|')) {
      if (!name.empty()) wanted.insert(std::move(name));
    }
    for (const ClassScore& score : prediction.named)
      named.insert(classes.at(static_cast<std::size_t>(score.index)));
    const bool known = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
      return std::find(classes.begin(), classes.end(), name) != classes.end();
    });
    return known ? std::optional(wanted == named) : std::nullopt;
  }

  void add_rows(const Tensor& outputs, const std::vector<std::uint32_t>& indices,
                const std::vector<std::int64_t>& labels, const Tensor& table,
                Outcomes& result) const override {
    const auto truth = targets(table.cpu(), torch::tensor(labels, torch::kInt64)).contiguous();
    const auto scores = torch::sigmoid(outputs).contiguous();
    const auto losses =
        torch::binary_cross_entropy_with_logits(outputs, truth, {}, {}, at::Reduction::None).mean(1);
    const auto wrong = outputs.ge(0).ne(truth.ge(0.5)).sum(1);
    const auto sureness = torch::maximum(scores, 1 - scores).amin(1);
    const auto rank = wrong.accessor<std::int64_t, 1>();
    const auto sure = sureness.accessor<float, 1>(), loss = losses.accessor<float, 1>();
    for (std::int64_t i = 0; i < outputs.size(0); ++i) {
      const auto n = static_cast<std::size_t>(i);
      result.outcomes.push_back(
          {indices[n], labels[n], rank[i] == 0 ? labels[n] : -1, sure[i], loss[i], rank[i]});
    }
    LabelTable& answers = result.labels;
    answers.classes = outputs.size(1);
    const auto* score = scores.const_data_ptr<float>();
    const auto* is_true = truth.const_data_ptr<float>();
    answers.scores.insert(answers.scores.end(), score, score + scores.numel());
    for (std::int64_t i = 0; i < truth.numel(); ++i) answers.truth.push_back(is_true[i] > 0 ? 1 : 0);
  }

  MetricValues metrics(const Outcomes& outcomes) const override { return label_values(outcomes); }

  ClassTable class_table(const Outcomes& outcomes, const std::vector<std::string>& classes) const override {
    ClassTable table{{"average_precision", "precision", "recall", "f1"}, {}, {}};
    const auto metrics = label_metrics(outcomes.labels);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const LabelMetrics& f = metrics[i];
      table.rows.push_back({classes[i], {f.average_precision, f.precision, f.recall, f.f1}, f.support});
    }
    return table;
  }

  std::string prediction_words(const Outcomes& outcomes, std::size_t i,
                               const std::vector<std::string>& classes) const override {
    std::vector<std::string> names;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (outcomes.labels.scores[i * classes.size() + c] >= default_threshold) names.push_back(classes[c]);
    }
    return join(names, "|");
  }

  std::string labels_words(const Folder& train) const override {
    return counted(train.classes.size(), "class") +
           ", any number per picture: " + shorten_list(train.classes, max_named_classes);
  }
};

}  // namespace

std::unique_ptr<const Task> make_multi_label() { return std::make_unique<const MultiLabel>(); }

}  // namespace graft
