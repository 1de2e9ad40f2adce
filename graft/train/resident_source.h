// Batches from images that are stored on the device, with the order, the crops and the flips of the loader.
// Per epoch only the indices and crops are copied from the host, once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"
#include "graft/train/resident_store.h"

namespace graft {

// Training images are stored with a shorter side of at most this many times the network's input. A crop of
// less than a quarter of a larger picture is then enlarged, while the loader would read the file's pixels.
inline constexpr int resident_sides = 2;

struct ResidentOptions {
  torch::Device device = torch::kCPU;
  std::uint64_t budget = 0;  // bytes of device memory
};

struct ResidentSource {
  std::unique_ptr<TensorSource> batches;
  std::uint64_t bytes = 0;  // of device memory
};

// The batches of Loader(samples, preprocess, options, pass), from device memory; batches.get() is null if the
// images do not fit. With pass.augment, images differ from the loader's as described in crop_batch.h and by
// `resident_sides`; else they are the same. Only crops and flips are supported: pass.augment->any() must be
// false. `samples` must outlive it. Throws as fill_store().
ResidentSource resident_source(const std::vector<Sample>& samples, const Preprocess& preprocess,
                               const LoaderOptions& options, const LoaderPass& pass,
                               const ResidentOptions& where, const ProgressCallback& progress = {});

}  // namespace graft
