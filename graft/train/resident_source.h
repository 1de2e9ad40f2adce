// Batches from pictures that lie on the device: the order, the crops and the flips of the loader, with
// nothing of the host's but their numbers, which travel once an epoch.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"
#include "graft/train/resident_store.h"

namespace graft {

// Training pictures are kept with a shorter side of at most this many times the network's input. A crop that
// shows less than a quarter of a larger picture is then enlarged where the loader would still have had pixels
// of the file.
inline constexpr int resident_sides = 2;

struct ResidentOptions {
  torch::Device device = torch::kCPU;
  std::uint64_t budget = 0;  // bytes of the device
};

struct ResidentSource {
  std::unique_ptr<TensorSource> batches;
  std::uint64_t bytes = 0;  // of the device
};

// What Loader(samples, preprocess, options, pass) gives, from the device's memory; batches.get() is null
// where the pictures do not fit. Where pass.augment is there, images differ from the loader's as crop_batch.h
// says and by `resident_sides`; else they are the same. Nothing but crops and flips is drawn:
// pass.augment->any() must be false. `samples` must outlive it. Throws as fill_store().
ResidentSource resident_source(const std::vector<Sample>& samples, const Preprocess& preprocess,
                               const LoaderOptions& options, const LoaderPass& pass,
                               const ResidentOptions& where, const ProgressCallback& progress = {});

}  // namespace graft
