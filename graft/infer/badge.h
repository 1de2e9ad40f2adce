// Which pictures to label next: BADGE of Ash, Zhang, Krishnamurthy, Langford and Agarwal, "Deep Batch Active
// Learning by Diverse, Uncertain Gradient Lower Bounds" (arXiv:1906.03671). The gradient of the loss at the
// head, for the label that the model itself predicts, is long if the model is uncertain, and points elsewhere
// for other pictures; the seeding of k-means++ (Arthur and Vassilvitskii, 2007) chooses gradients that are
// long and unlike each other. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// The gradient at the outputs for the predicted label, from answers (Task::answers, N×K): p − 1 for the
// predicted class and p for the others; of several labels the predicted ones are those from one half. Of a
// number the prediction has no gradient: ones, so that only the features count. N×K, or N×1.
torch::Tensor output_gradients(LabelKind kind, const torch::Tensor& answers);

// The rows of the first `count` pictures (all, if there are fewer), best first. The gradient at the head is
// the product gradients[i] ⊗ features[i], whose distances need only the inner products of both parts: it is
// never formed. The first has the longest gradient; each of the others is drawn with a probability in
// proportion to its squared distance from the nearest one before it. If all have distance 0, the rest follows
// by the length of the gradient. gradients: N×K, features: N×F, float32, finite, on the CPU.
std::vector<std::int64_t> badge_order(const torch::Tensor& gradients, const torch::Tensor& features,
                                      std::int64_t count, std::uint64_t seed);

}  // namespace graft
