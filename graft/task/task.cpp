#include "graft/task/task.h"

#include <algorithm>
#include <vector>

#include "graft/core/error.h"
#include "graft/metrics/scale_limits.h"
#include "graft/task/linear_fit.h"
#include "graft/task/tasks.h"

namespace graft {

torch::Tensor Task::targets(const torch::Tensor& table, const torch::Tensor& labels) const {
  return table.defined() ? table.index_select(0, labels).to(torch::kFloat32) : labels;
}

torch::Tensor Task::dense_targets(const torch::Tensor& table, const torch::Tensor& labels,
                                  std::int64_t outputs) const {
  return table.defined() ? targets(table, labels) : torch::one_hot(labels, outputs);
}

void Task::check_threshold(double threshold) const {
  if (threshold >= 0)
    throw UsageError("`threshold`", "applies only to models with any number of classes per picture",
                     "leave it out");
}

void Task::add_outcomes(const torch::Tensor& outputs, const std::vector<std::uint32_t>& indices,
                        const std::vector<std::int64_t>& labels, const torch::Tensor& table,
                        Outcomes& result) const {
  const torch::Tensor numbers = outputs.to(torch::kFloat32).cpu().contiguous();
  add_rows(numbers, indices, labels, table, result);
  const auto* first = numbers.const_data_ptr<float>();
  result.outputs.insert(result.outputs.end(), first, first + numbers.numel());
}

void Task::absorb_scale(torch::Tensor, torch::Tensor) const {}

ClassTable Task::class_table(const Outcomes&, const std::vector<std::string>&) const { return {}; }

LinearFit Task::fit(const torch::Tensor& features, const torch::Tensor& targets, std::int64_t outputs,
                    double l2, const LinearFit* start, bool with_bias, const LinearFit* prior) const {
  return fit_logistic(features, targets, outputs, l2, start, with_bias, prior);
}

double Task::fit_loss(const LinearFit& fit, const torch::Tensor& features,
                      const torch::Tensor& targets) const {
  return logistic_loss(fit, features, targets);
}

std::unique_ptr<const Task> make_task(const TaskSpec& spec) {
  switch (spec.kind) {
    case LabelKind::number:
      if (!is_usable(spec))
        throw Error("task", "the mean and the scale of the numbers are out of range",
                    "train or export the model again");
      return make_regression(spec);
    case LabelKind::multi:
      return make_multi_label();
    case LabelKind::automatic:
    case LabelKind::single:
      break;
  }
  return make_single_label();
}

TaskSpec task_spec_of(const Folder& train) {
  if (train.kind() != LabelKind::number) return {train.kind()};
  std::vector<double> numbers;
  for (const Sample& sample : train.samples)
    numbers.push_back(train.numbers.at(static_cast<std::size_t>(sample.label)));
  const TaskSpec spec = scale_of(numbers);
  if (is_usable(spec)) return spec;
  const std::string where = !train.table.empty() ? train.table.string()
                            : train.root.empty() ? "the training pictures"
                                                 : train.root.string();
  if (train.samples.size() < 2)
    throw Error(where, "only one picture is left for training", "add pictures with other numbers");
  const bool are_equal =
      std::all_of(numbers.begin(), numbers.end(), [&](double number) { return number == numbers.front(); });
  throw Error(where, are_equal ? "all training pictures have the same number" : unusable_numbers,
              are_equal ? "add pictures with other numbers" : "use another unit");
}

}  // namespace graft
