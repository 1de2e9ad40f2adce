// Outputs that are not finite are errors and never enter the metrics.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "graft/core/error.h"
#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"

namespace graft {

// The weights are finite, but the network's output is not.
class AnswersNotFinite : public Error {
 public:
  using Error::Error;
};

// A picture's file by its row in a batch.
using RowName = std::function<std::string(std::int64_t row)>;

// Throws Error unless all `answers` (logits or features, N×…) of the model for these images are finite. The
// Error names the parameter or buffer with the fault (check_tensors); else it is an AnswersNotFinite that
// names the first such picture, if `name_of` is not empty, and the first layer whose output is not finite.
// Thread-safe.
void check_answers(const InferenceModel& model, const torch::Tensor& answers, const torch::Tensor& images,
                   const RowName& name_of);

// The same for a network's logits of finite features: the fault is in the head.
void check_head_answers(const Network& network, const torch::Tensor& logits);

}  // namespace graft
