// What a model says of one picture; no torch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace graft {

struct ClassScore {
  std::int64_t index = 0;  // of the class
  // Softmax; or, where a picture may show several classes, sigmoid: they do not add up to 1.
  double probability = 0;

  bool operator==(const ClassScore&) const = default;
};

struct Prediction {
  std::string path;
  std::vector<ClassScore> top;  // most probable first, at most top_k; empty for a number
  // What the model says is there: the first class; or, where a picture may show several, those that reach the
  // threshold, which may be none.
  std::vector<ClassScore> named = {};
  std::optional<double> number =
      {};  // of a model that predicts a number, in the unit of its training targets
};

}  // namespace graft
