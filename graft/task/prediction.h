// The prediction of a model for one picture. This header does not include torch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace graft {

struct ClassScore {
  std::int64_t index = 0;  // of the class
  // Softmax; for multi-label models sigmoid, whose values do not sum to 1.
  double probability = 0;

  bool operator==(const ClassScore&) const = default;
};

struct Prediction {
  std::string path;
  std::vector<ClassScore> top;  // most probable first, at most top_k; empty for a number
  // The predicted classes: the most probable one; for multi-label models all that reach the threshold,
  // possibly none.
  std::vector<ClassScore> named = {};
  std::optional<double> number =
      {};  // of a model that predicts a number, in the unit of its training targets
};

}  // namespace graft
