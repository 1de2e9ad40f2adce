// What a model said of labelled samples, and the metrics of a classifier that follow from it: of all samples,
// of each class, and where a picture may show several classes. The metrics of an evaluation by name are in
// metric.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace graft {

// One sample's outcome. Where a sample may show several classes: predicted is the label where every class is
// predicted right, else −1; probability is that of the least sure of its classes; loss the mean of the
// classes' binary cross entropies; rank how many classes are predicted wrong.
struct Outcome {
  std::uint32_t index = 0;     // into the samples that were evaluated
  std::int64_t label = 0;      // the truth
  std::int64_t predicted = 0;  // the class of the largest logit
  double probability = 0;      // softmax of the predicted class; NaN where a number is predicted
  double loss = 0;             // cross entropy against the truth, natural logarithm
  std::int64_t rank = 0;       // how many classes have a larger logit than the truth
  // Of regression, where the members above but index, label and loss say nothing: what is predicted, and what
  // is true, in the unit of the target. loss is then the squared error in units of the training targets'
  // variance.
  double number = 0, true_number = 0;
};

// What a model says of N pictures, and what is true; rows of `classes` numbers.
struct LabelTable {
  std::int64_t classes = 0;
  std::vector<float> scores;        // N×classes probabilities (sigmoid)
  std::vector<std::uint8_t> truth;  // N×classes, 1: the picture shows the class

  std::size_t rows() const { return classes == 0 ? 0 : scores.size() / static_cast<std::size_t>(classes); }
};

// What a model says of samples, and what is true.
struct Outcomes {
  std::vector<Outcome> outcomes;  // in the order of the samples, those that could not be read left out
  LabelTable labels;              // where a picture may show several classes, a row for each outcome
};

// confusion[truth][predicted], classes × classes.
using Confusion = std::vector<std::vector<std::int64_t>>;

double mean_loss(const std::vector<Outcome>& outcomes);              // 0 for none
double accuracy(const std::vector<Outcome>& outcomes);               // top-1, a fraction of 1; 0 for none
double top_k_accuracy(const std::vector<Outcome>& outcomes, int k);  // the truth is among the k largest
Confusion confusion_matrix(const std::vector<Outcome>& outcomes, std::int64_t classes);

// Metrics of each class.

struct ClassFigures {
  double precision = 0;  // 0 where nothing was predicted as this class
  double recall = 0;     // 0 where the class has no samples
  double f1 = 0;
  std::int64_t support = 0;  // samples of this class
};

// As scikit-learn's precision_recall_fscore_support with zero_division=0.
std::vector<ClassFigures> class_figures(const Confusion& confusion);

// The same as a table, whatever the task. Empty where there are no classes.
struct ClassTable {
  struct Row {
    std::string name;
    std::vector<double> values;  // as `columns` names them
    std::int64_t support = 0;    // pictures that show the class
  };
  std::vector<std::string> columns;  // "precision"; words are joined by "_"
  std::vector<Row> rows;
  Confusion confusion;  // where a picture shows one class; else empty
};

// Metrics where a picture may show several classes: each class is a question of its own, yes or no.

struct LabelFigures {
  // Area under the curve of precision over recall as its steps add up: scikit-learn's
  // average_precision_score. 0 for a class that no picture shows.
  double average_precision = 0;
  double precision = 0, recall = 0, f1 = 0;  // at the threshold; 0 where there is nothing to divide by
  std::int64_t support = 0;                  // pictures that show the class
};

// One a class. A class is named for a picture where its score is at least `threshold`.
std::vector<LabelFigures> label_figures(const LabelTable& table, double threshold = 0.5);
// The mean over the classes that some picture shows; 0 for none.
double mean_average_precision(const std::vector<LabelFigures>& figures);

}  // namespace graft
