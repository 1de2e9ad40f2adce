// Precision, recall and F1 of each class, from a confusion matrix.
#pragma once

#include <cstdint>
#include <vector>

namespace graft {

struct ClassFigures {
  double precision = 0;  // 0 where nothing was predicted as this class
  double recall = 0;     // 0 where the class has no samples
  double f1 = 0;
  std::int64_t support = 0;  // samples of this class
};

// confusion[truth][predicted], classes × classes.
using Confusion = std::vector<std::vector<std::int64_t>>;

// As scikit-learn's precision_recall_fscore_support with zero_division=0.
std::vector<ClassFigures> class_figures(const Confusion& confusion);

}  // namespace graft
