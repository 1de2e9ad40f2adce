// What a model predicts for a picture: one class, any number of classes, or a number. Everything that depends
// on it is behind this interface: targets, loss, outcomes, metrics, predictions, the head of a probe. A task
// is one file beside this one and a line in task.cpp.
//
//   const auto task = make_task(task_spec_of(train));
//   const torch::Tensor table = task->target_table(train);
//   const torch::Tensor loss = task->loss(outputs, task->targets(table, labels), {}, {});
//
// Immutable: any number of threads may call the methods at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/metrics/metric.h"
#include "graft/metrics/outcomes.h"
#include "graft/task/loss_options.h"

namespace graft {

struct LinearFit;  // graft/task/linear_fit.h

class Task {
 public:
  Task() = default;
  virtual ~Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  // Targets.

  // The target outputs of each label, on the CPU: labels×outputs. Undefined if a label is the index of its
  // output.
  virtual torch::Tensor target_table(const Folder& data) const = 0;
  // The targets of labels (N, int64): N×outputs, float32, from the rows of `table`; `labels` if that is
  // undefined. Both are on one device.
  virtual torch::Tensor targets(const torch::Tensor& table, const torch::Tensor& labels) const;
  // The same, but always N×outputs, as mixed images need.
  virtual torch::Tensor dense_targets(const torch::Tensor& table, const torch::Tensor& labels,
                                      std::int64_t outputs) const;

  // Training.

  // Why an option of the loss (its name in loss_options) has no effect on this task; empty if it has one.
  // loss() ignores options without effect.
  virtual std::string idle_reason(std::string_view option) const = 0;
  // The weights for loss() if class_weights is balanced.
  virtual torch::Tensor balanced_weights(const Folder& train) const = 0;
  // The mean over the batch. outputs: N×outputs, float32. targets: as targets() or dense_targets() give them,
  // or mixtures of the latter. weights: of balanced_weights(), or undefined.
  virtual torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& targets,
                             const LossOptions& options, const torch::Tensor& weights) const = 0;
  // N values whose mean over an epoch's samples is train_metric().
  virtual torch::Tensor train_values(const torch::Tensor& outputs, const torch::Tensor& targets) const = 0;
  virtual const char* train_metric() const = 0;  // a key of the metrics (metric.h)

  // Answers.

  // Outputs (N×K, any float type) converted to probabilities or numbers, float32.
  virtual torch::Tensor answers(const torch::Tensor& outputs) const = 0;
  // The inverse, for averaged answers: outputs with these answers.
  virtual torch::Tensor outputs_of(const torch::Tensor& answers) const = 0;
  // The energy of each row of outputs (known_pictures.h): N, float32; 0 for numbers.
  virtual torch::Tensor energies(const torch::Tensor& outputs) const = 0;
  // Throws UsageError for a threshold that has no effect on this task. `threshold` below 0: not given.
  virtual void check_threshold(double threshold) const;
  // One for each row of `answers`, without its path.
  virtual std::vector<Prediction> predictions(const torch::Tensor& answers, std::int64_t top_k,
                                              double threshold) const = 0;

  // The standard deviation of the training targets, for number_text(); 0 for classes.
  virtual double spread() const { return 0; }

  // Changes a head's weight and bias so that its outputs are in the unit of the targets, for programs without
  // a target scale.
  virtual void absorb_scale(torch::Tensor weight, torch::Tensor bias) const;

  // Whether a prediction equals a label (of Folder::label_names()); empty if the model was not trained on
  // that label, or for regression.
  virtual std::optional<bool> is_right(const Prediction& prediction, const std::string& label,
                                       const std::vector<std::string>& classes) const = 0;

  // Evaluation.

  // Appends an outcome for each row, its outputs, and other data for metrics(). outputs: N×K on any device,
  // synchronised once; `table`: target_table().
  void add_outcomes(const torch::Tensor& outputs, const std::vector<std::uint32_t>& indices,
                    const std::vector<std::int64_t>& labels, const torch::Tensor& table,
                    Outcomes& result) const;
  // The primary metric comes first.
  virtual MetricValues metrics(const Outcomes& outcomes) const = 0;
  virtual ClassTable class_table(const Outcomes& outcomes, const std::vector<std::string>& classes) const;
  // The prediction for the sample of outcome `i`, in the form of Folder::label_names().
  virtual std::string prediction_words(const Outcomes& outcomes, std::size_t i,
                                       const std::vector<std::string>& classes) const = 0;

  // The labels, for people: "2 classes: ants, bees".
  virtual std::string labels_words(const Folder& train) const = 0;

  // Probe.

  // The head that fits the features best (N×F, float32, on the CPU); `l2` as in fit_logistic(), `start`: a
  // neighbouring fit or null; without a bias, that of the fit is 0; `prior`: as in fit_logistic().
  virtual LinearFit fit(const torch::Tensor& features, const torch::Tensor& targets, std::int64_t outputs,
                        double l2, const LinearFit* start, bool with_bias, const LinearFit* prior) const;
  virtual double fit_loss(const LinearFit& fit, const torch::Tensor& features,
                          const torch::Tensor& targets) const;
  virtual const char* probe_words() const { return "logistic regression"; }
  // The values by which the folds of a cross-validation are stratified: N of any values.
  virtual std::vector<std::int64_t> strata(const std::vector<std::int64_t>& labels) const { return labels; }

 private:
  // add_outcomes() without the outputs. outputs: float32, on the CPU, contiguous.
  virtual void add_rows(const torch::Tensor& outputs, const std::vector<std::uint32_t>& indices,
                        const std::vector<std::int64_t>& labels, const torch::Tensor& table,
                        Outcomes& result) const = 0;
};

// Throws Error for an invalid spec: a scale that is not above 0 or not finite.
std::unique_ptr<const Task> make_task(const TaskSpec& spec);

// The task of these data. Throws Error if the numbers of the samples are all the same.
TaskSpec task_spec_of(const Folder& train);

}  // namespace graft
