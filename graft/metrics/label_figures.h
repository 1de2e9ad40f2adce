// Metrics where a picture may show several classes: each class is a question of its own, yes or no.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/metrics/accuracy.h"

namespace graft {

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
