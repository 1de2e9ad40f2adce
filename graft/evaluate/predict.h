// What a model says of pictures that nobody has labelled.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/models/model_file.h"

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

// Calls `each` for every picture in the order given. Pictures that cannot be read are left out and returned,
// unless options.loader.skip_bad is false: then the first one is thrown as its Error. The network is on
// `device`.
std::vector<BadImage> predict(const Model& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const torch::Device& device,
                              const std::function<void(const Prediction&)>& each);

}  // namespace graft
