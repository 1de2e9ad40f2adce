// A model's predictions for labelled samples, and the metrics of a classifier computed from them: over all
// samples, per class, and for several classes per picture. The named metrics of an evaluation are in
// metric.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace graft {

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
};

// confusion[truth][predicted], classes × classes.
using Confusion = std::vector<std::vector<std::int64_t>>;

double mean_loss(const std::vector<Outcome>& outcomes);              // 0 for none
double accuracy(const std::vector<Outcome>& outcomes);               // top-1, a fraction of 1; 0 for none
double top_k_accuracy(const std::vector<Outcome>& outcomes, int k);  // the true class is among the k largest
Confusion confusion_matrix(const std::vector<Outcome>& outcomes, std::int64_t classes);

// Metrics of one class.

struct ClassFigures {
  double precision = 0;  // 0 if the class is never predicted
  double recall = 0;     // 0 if the class has no samples
  double f1 = 0;
  std::int64_t support = 0;  // samples of this class
};

// As scikit-learn's precision_recall_fscore_support with zero_division=0.
std::vector<ClassFigures> class_figures(const Confusion& confusion);

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

struct LabelFigures {
  // Area under the precision-recall curve as a sum of steps: scikit-learn's average_precision_score. 0 for a
  // class without pictures.
  double average_precision = 0;
  double precision = 0, recall = 0, f1 = 0;  // at the threshold; 0 if undefined
  std::int64_t support = 0;                  // pictures of the class
};

// One per class. A class is predicted if its score is at least `threshold`.
std::vector<LabelFigures> label_figures(const LabelTable& table, double threshold = 0.5);
// The mean over the classes that have pictures; 0 for none.
double mean_average_precision(const std::vector<LabelFigures>& figures);

}  // namespace graft
