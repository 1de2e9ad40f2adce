// What a model learns to say of a picture: one class, any number of classes, or a number. Everything that
// follows from it is behind this interface: targets, loss, outcomes, metrics, predictions, the head of a
// probe. A task is one file beside this one and a line in task.cpp.
//
//   const auto task = make_task(task_spec_of(train));
//   const torch::Tensor table = task->target_table(train);
//   const torch::Tensor loss = task->loss(outputs, task->targets(table, labels), {}, {});
//
// Immutable: any number of threads call the methods.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/metrics/label_kind.h"
#include "graft/metrics/metric.h"
#include "graft/metrics/outcomes.h"
#include "graft/task/loss_options.h"
#include "graft/task/prediction.h"

namespace graft {

struct LinearFit;  // graft/task/linear_fit.h

class Task {
 public:
  Task() = default;
  virtual ~Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  // Targets.

  // What each label asks of the outputs, on the CPU: labels×outputs. Undefined where a label is the index of
  // its output.
  virtual torch::Tensor target_table(const Folder& data) const = 0;
  // The targets of labels (N, int64): N×outputs, float32, by the rows of `table`; `labels` where that is
  // undefined. Both are on one device.
  virtual torch::Tensor targets(const torch::Tensor& table, const torch::Tensor& labels) const;
  // The same as N×outputs in any case, which mixed pictures need.
  virtual torch::Tensor dense_targets(const torch::Tensor& table, const torch::Tensor& labels,
                                      std::int64_t outputs) const;

  // Training.

  // Why an option of the loss (its name in loss_options) does not act on this task; empty where it does. One
  // that does not act is passed over by loss().
  virtual std::string idle_reason(std::string_view option) const = 0;
  // What loss() takes where class_weights is balanced.
  virtual torch::Tensor balanced_weights(const Folder& train) const = 0;
  // The mean over the batch. outputs: N×outputs, float32. targets: as targets() or dense_targets() give them,
  // or mixtures of the latter. weights: of balanced_weights(), or undefined.
  virtual torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& targets,
                             const LossOptions& options, const torch::Tensor& weights) const = 0;
  // N values whose mean over an epoch's samples is train_metric().
  virtual torch::Tensor train_values(const torch::Tensor& outputs, const torch::Tensor& targets) const = 0;
  virtual const char* train_metric() const = 0;  // a key of the metrics (metric.h)

  // Answers.

  // Outputs (N×K, any float type) as people read them, float32: probabilities or numbers.
  virtual torch::Tensor answers(const torch::Tensor& outputs) const = 0;
  // The inverse, of answers that were averaged: outputs whose answers these are.
  virtual torch::Tensor outputs_of(const torch::Tensor& answers) const = 0;
  // Throws UsageError for a threshold that does not act on this task. `threshold` below 0: not given.
  virtual void check_threshold(double threshold) const;
  // One a row of `answers`, without their paths.
  virtual std::vector<Prediction> predictions(const torch::Tensor& answers, std::int64_t top_k,
                                              double threshold) const = 0;

  // Changes a head's weight and bias so that its outputs are in the unit of the targets, for programs that
  // know no scale.
  virtual void absorb_scale(torch::Tensor weight, torch::Tensor bias) const;

  // Whether a prediction is what a label (of Folder::label_names()) says; nothing where the model has not
  // learned that label, or where being near is what counts.
  virtual std::optional<bool> is_right(const Prediction& prediction, const std::string& label,
                                       const std::vector<std::string>& classes) const = 0;

  // Evaluation.

  // Appends an outcome a row, and what else metrics() needs. outputs: N×K on any device, which is waited for
  // once; `table`: target_table().
  virtual void add_outcomes(const torch::Tensor& outputs, const std::vector<std::uint32_t>& indices,
                            const std::vector<std::int64_t>& labels, const torch::Tensor& table,
                            Outcomes& result) const = 0;
  // The primary one first.
  virtual MetricValues metrics(const Outcomes& outcomes) const = 0;
  virtual ClassTable class_table(const Outcomes& outcomes, const std::vector<std::string>& classes) const;
  // What the model says of the sample of outcome `i`, in the words of Folder::label_names().
  virtual std::string prediction_words(const Outcomes& outcomes, std::size_t i,
                                       const std::vector<std::string>& classes) const = 0;

  // What there is to learn, for people: "2 classes: ants, bees".
  virtual std::string labels_words(const Folder& train) const = 0;

  // Probe.

  // The head that fits features best (N×F, float32, on the CPU); `l2` as fit_logistic() has it, `start` a
  // neighbour's fit or null.
  virtual LinearFit fit(const torch::Tensor& features, const torch::Tensor& targets, std::int64_t outputs,
                        double l2, const LinearFit* start) const;
  virtual double fit_loss(const LinearFit& fit, const torch::Tensor& features,
                          const torch::Tensor& targets) const;
  virtual const char* probe_words() const { return "logistic regression"; }
  // By what the folds of a cross-validation are stratified: N of any values.
  virtual std::vector<std::int64_t> strata(const std::vector<std::int64_t>& labels) const { return labels; }
};

// Throws Error for a spec that cannot be: a scale that is not above 0 or not finite.
std::unique_ptr<const Task> make_task(const TaskSpec& spec);

// What a model of these data learns. Throws Error where the numbers of the samples are all the same.
TaskSpec task_spec_of(const Folder& train);

}  // namespace graft
