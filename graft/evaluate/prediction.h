// What a prediction is and how it is asked for; no torch.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/data/loader.h"

namespace graft {

struct Guess {
  std::int64_t index = 0;  // of the class
  double probability = 0;
};

struct Prediction {
  std::string path;
  std::vector<Guess> top;  // most probable first, at most top_k
};

struct PredictOptions {
  int top_k = 1;
  LoaderOptions loader;  // augment and shuffle are not used; batch_size is a matter of speed alone
};

// Called for every picture that could be read, in the order given.
using PredictionCallback = std::function<void(const Prediction&)>;

}  // namespace graft
