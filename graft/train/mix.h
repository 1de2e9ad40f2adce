// Images of a batch and their labels mixed in pairs: mixup (Zhang et al., arXiv:1710.09412) and CutMix (Yun
// et al., arXiv:1905.04899), as in torchvision.transforms.v2: each image is mixed with the one before it in
// the batch, with one share for the whole batch.
#pragma once

#include <cstdint>
#include <optional>

#include "graft/core/random.h"
#include "graft/device/torch.h"
#include "graft/train/train_options.h"

namespace graft {

struct Mix {
  double share = 1;  // of the image itself, in its label
  // CutMix: the region of the other image; empty for mixup.
  struct Box {
    std::int64_t top = 0, left = 0, bottom = 0, right = 0;
  };
  std::optional<Box> box;
};

// Draws the mix for one batch of height × width images; empty if neither is enabled. With both, each has
// probability 0.5.
std::optional<Mix> draw_mix(const MixOptions& options, std::int64_t height, std::int64_t width,
                            Random random);

struct MixedBatch {
  torch::Tensor images;   // N×3×H×W, new memory
  torch::Tensor targets;  // N×classes, shares of the images
};
// images: N×3×H×W; targets: N×classes, 1 for the classes of each image.
MixedBatch mix_batch(const torch::Tensor& images, const torch::Tensor& targets, const Mix& mix);

// A number from Beta(alpha, alpha), alpha > 0.
double draw_beta(double alpha, Random& random);

}  // namespace graft
