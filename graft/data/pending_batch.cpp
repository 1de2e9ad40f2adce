#include "graft/data/pending_batch.h"

#include <algorithm>
#include <utility>

#include "graft/data/readable_classes.h"

namespace graft {

PendingBatch::PendingBatch(std::span<const std::uint32_t> indices, std::shared_ptr<float[]> images)
    : indices_(indices), images_(std::move(images)), failures_(indices.size()), remaining_(indices.size()) {}

bool PendingBatch::load(std::size_t slot, const SampleLoader& loader) {
  try {
    loader.load(indices_[slot], images_.get() + slot * loader.image_floats());
  } catch (...) {
    failures_[slot] = std::current_exception();
  }
  // Each thread's release and the last one's acquire make all slots visible to the thread that the last one
  // notifies.
  return remaining_.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

Batch PendingBatch::finish(const SampleLoader& loader, bool skip_bad, std::vector<BadImage>& bad) {
  const std::size_t floats = loader.image_floats();
  Batch batch;
  batch.size = loader.preprocess.crop;
  batch.layout = loader.pass.layout;
  for (std::size_t slot = 0; slot < indices_.size(); ++slot) {
    const Sample& sample = loader.sample(indices_[slot]);
    if (failures_[slot]) {
      skip_or_refuse(failures_[slot], sample, skip_bad, bad);
      continue;
    }
    const std::size_t place = batch.indices.size();
    if (place < slot) std::copy_n(images_.get() + slot * floats, floats, images_.get() + place * floats);
    batch.indices.push_back(indices_[slot]);
    batch.labels.push_back(sample.label);
  }
  batch.count = static_cast<std::int64_t>(batch.indices.size());
  batch.images = std::move(images_);
  return batch;
}

}  // namespace graft
