// Answers that are not finite numbers are errors, never figures.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <string>

#include "graft/core/error.h"
#include "graft/infer/inference_model.h"

namespace graft {

// The weights are finite, and what the network makes of them is not.
class AnswersNotFinite : public Error {
 public:
  using Error::Error;
};

// A picture's file by its row in a batch.
using RowName = std::function<std::string(std::int64_t row)>;

// Throws Error unless all of `answers` (logits or features, N×…) that the model gave for these images is
// finite. The Error names the parameter or buffer that is to blame (check_tensors); else it is an
// AnswersNotFinite with the first such picture, where `name_of` is not empty, and the layer from which on its
// values are not finite. Thread-safe.
void check_answers(const InferenceModel& model, const torch::Tensor& answers, const torch::Tensor& images,
                   const RowName& name_of);

// The same of a network's logits of features that are finite: the head is to blame.
void check_head_answers(const Network& network, const torch::Tensor& logits);

}  // namespace graft
