// Metrics of a classifier from labels and predictions.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/metrics/class_figures.h"

namespace graft {

// One sample's outcome. Where a sample may show several classes: predicted is the label where every class is
// predicted right, else −1; probability is that of the least sure of its classes; loss the mean of the
// classes' binary cross entropies; rank how many classes are predicted wrong.
struct Outcome {
  std::uint32_t index = 0;     // into the samples that were evaluated
  std::int64_t label = 0;      // the truth
  std::int64_t predicted = 0;  // the class of the largest logit
  double probability = 0;      // softmax of the predicted class
  double loss = 0;             // cross entropy against the truth, natural logarithm
  std::int64_t rank = 0;       // how many classes have a larger logit than the truth
  // Of regression, where the members above but index, label and loss say nothing: what is predicted, and what
  // is true, in the unit of the target. loss is then the squared error in units of the training targets'
  // variance.
  double number = 0, true_number = 0;
};

double mean_loss(const std::vector<Outcome>& outcomes);              // 0 for none
double accuracy(const std::vector<Outcome>& outcomes);               // top-1, a fraction of 1; 0 for none
double top_k_accuracy(const std::vector<Outcome>& outcomes, int k);  // the truth is among the k largest
Confusion confusion_matrix(const std::vector<Outcome>& outcomes, std::int64_t classes);

}  // namespace graft
