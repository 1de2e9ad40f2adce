// What a model predicts for an image, and what predictions are measured by: the kind of labels, predictions,
// outcomes of an evaluation, and the metrics of each class. No torch in this header.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/metrics/metric.h"

namespace graft {

// The kind of a table's labels. single: the name of a class. multi: any number of classes, a|b, none if
// empty. number: a number to predict (regression). automatic: multi if any label has a |, else single. The
// kind of opened data and of models is never automatic.
enum class LabelKind { automatic, single, multi, number };
template <>
struct EnumNames<LabelKind> {
  static constexpr std::array<const char*, 4> names = {"auto", "single", "multi", "number"};
};
inline const char* to_string(LabelKind kind) {
  return EnumNames<LabelKind>::names[static_cast<std::size_t>(kind)];
}

// What a model predicts. Stored in its file.
struct TaskSpec {
  LabelKind kind = LabelKind::single;  // never automatic
  // For kind number: the prediction is the network's output · scale + mean, the mean and standard deviation
  // of the training targets, so that the network's targets have one scale in any unit.
  double mean = 0, scale = 1;

  bool operator==(const TaskSpec&) const = default;
};

struct ClassScore {
  std::int64_t index = 0;  // of the class
  // Softmax; for multi-label models sigmoid, whose values do not sum to 1.
  double probability = 0;

  bool operator==(const ClassScore&) const = default;
};

// What a model predicts for one image.
struct Prediction {
  std::string path;
  std::vector<ClassScore> top;  // most probable first, at most top_k; empty for a number
  // The predicted classes: the most probable one; for multi-label models all that reach the threshold,
  // possibly none.
  std::vector<ClassScore> named = {};
  std::optional<double> number =
      {};  // of a model that predicts a number, in the unit of its training targets
  // Of a model that can tell (known_pictures.h): whether the picture is like those that it was trained on,
  // and how unlike them it is: larger, less like them.
  std::optional<bool> known = {};
  std::optional<double> unknown_score = {};
  // If PredictOptions::coverage is given: the prediction set (conformal.h), most probable class first.
  std::optional<std::vector<ClassScore>> set = {};
};

// One sample's outcome. With several classes per sample, predicted is the label if every class is predicted
// correctly, else −1; probability is that of the least certain class; loss is the mean of the classes' binary
// cross entropies; rank is the number of classes predicted incorrectly.
struct Outcome {
  std::uint32_t index = 0;     // index into the evaluated samples
  std::int64_t label = 0;      // the true label
  std::int64_t predicted = 0;  // the class of the largest logit
  double probability = 0;      // softmax of the predicted class; NaN for regression
  double loss = 0;             // cross entropy with the true label, natural logarithm
  std::int64_t rank = 0;       // number of classes with a larger logit than the true class
  // For regression, in which only index, label and loss of the members above are used: the predicted and the
  // true number in the unit of the target. loss is then the squared error in units of the training targets'
  // variance.
  double number = 0, true_number = 0;
};

// Predicted scores and true classes of N pictures; rows of `classes` numbers.
struct LabelTable {
  std::int64_t classes = 0;
  std::vector<float> scores;        // N×classes probabilities (sigmoid)
  std::vector<std::uint8_t> truth;  // N×classes, 1: the picture has the class

  std::size_t rows() const { return classes == 0 ? 0 : scores.size() / static_cast<std::size_t>(classes); }
};

// Predictions and true values of samples.
struct Outcomes {
  std::vector<Outcome> outcomes;  // in the order of the samples, without unreadable ones
  LabelTable labels;              // for several classes per picture: a row for each outcome
  // The network's outputs, a row for each outcome: logits, or for a number the output before its scale.
  std::vector<float> outputs = {};
  // How far each picture's features are from those of the training pictures (known_pictures.h), if measured.
  std::vector<float> distances = {};

  std::size_t num_outputs() const { return outcomes.empty() ? 0 : outputs.size() / outcomes.size(); }
};

// The outcomes and labels of these rows, in this order, which may have a row several times; without outputs.
Outcomes select_outcomes(const Outcomes& all, std::span<const std::uint32_t> rows);

// confusion[truth][predicted], classes × classes.
using Confusion = std::vector<std::vector<std::int64_t>>;

double mean_loss(const std::vector<Outcome>& outcomes);              // 0 for none
double accuracy(const std::vector<Outcome>& outcomes);               // top-1, a fraction of 1; 0 for none
double top_k_accuracy(const std::vector<Outcome>& outcomes, int k);  // the true class is among the k largest
Confusion confusion_matrix(const std::vector<Outcome>& outcomes, std::int64_t classes);

// Metrics of one class.

struct ClassMetrics {
  double precision = 0;  // 0 if the class is never predicted
  double recall = 0;     // 0 if the class has no samples
  double f1 = 0;
  std::int64_t support = 0;  // samples of this class
};

// As scikit-learn's precision_recall_fscore_support with zero_division=0.
std::vector<ClassMetrics> class_metrics(const Confusion& confusion);

// The metrics per class as a table, for any task. Empty if there are no classes.
struct ClassTable {
  struct Row {
    std::string name;
    std::vector<double> values;  // in the order of `columns`
    std::int64_t support = 0;    // pictures of the class
  };
  std::vector<std::string> columns;  // such as "precision"; words are joined by "_"
  std::vector<Row> rows;
  Confusion confusion;  // for one class per picture; else empty
};

// Metrics of one class with several classes per picture: each class is a binary problem.

struct LabelMetrics {
  // Area under the precision-recall curve as a sum of steps: scikit-learn's average_precision_score. 0 for a
  // class without pictures.
  double average_precision = 0;
  double precision = 0, recall = 0, f1 = 0;  // at the threshold; 0 if undefined
  std::int64_t support = 0;                  // pictures of the class
};

// One per class. A class is predicted if its score is at least `threshold`.
std::vector<LabelMetrics> label_metrics(const LabelTable& table, double threshold = 0.5);
// The mean over the classes that have pictures; 0 for none.
double mean_average_precision(const std::vector<LabelMetrics>& metrics);

// The metrics of each kind of labels, the primary one first.
MetricValues class_values(const Outcomes& outcomes);   // one class per picture
MetricValues label_values(const Outcomes& outcomes);   // several classes per picture
MetricValues number_values(const Outcomes& outcomes);  // a number per picture

}  // namespace graft
