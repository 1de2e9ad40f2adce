// What a model says of pictures that nobody has labelled.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "graft/infer/prediction.h"
#include "graft/models/model_file.h"

namespace graft {

// Calls `each` for every picture in the order given. Pictures that cannot be read are left out and returned,
// unless options.loader.skip_bad is false: then the first one is thrown as its Error. Throws Error where the
// network gives values that are not finite, whatever skip_bad says: it is the network that is bad then. The
// network is on `device`. Throws EngineError (device/engine_error.h) where memory runs out or libtorch fails;
// an exception of `each` passes through.
std::vector<BadImage> predict(const Model& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const torch::Device& device,
                              const PredictionCallback& each);

}  // namespace graft
