// The samples of an epoch, their order and their batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/loader.h"

namespace graft {

// The samples of one epoch of `pass`, as a function of (pass.seed, epoch): 0 … n−1; with pass.shuffle a
// permutation; with Sampling::balanced n draws with replacement, a random label and one of its samples at
// random. The same on every rank.
std::vector<std::uint32_t> sample_order(const std::vector<Sample>& samples, const LoaderPass& pass,
                                        std::uint64_t epoch);

// The last batch may be smaller. batch_size ≥ 1.
inline std::size_t batch_count(std::size_t samples, std::size_t batch_size) {
  return (samples + batch_size - 1) / batch_size;
}

// One rank's part of every batch of an epoch. A batch of n samples is divided in order into world_size parts
// of n / world_size samples or one more; together the ranks process every sample once, including those of the
// smaller last batch. If a batch has fewer samples than ranks, some parts are empty.
class BatchOrder {
 public:
  BatchOrder(const std::vector<std::uint32_t>& all, std::size_t batch_size, int rank = 0, int world_size = 1);

  std::size_t batches() const { return firsts_.size() - 1; }
  std::span<const std::uint32_t> batch(std::size_t number) const;
  // The size of the largest part.
  std::size_t largest() const { return largest_; }
  // The samples of all parts, concatenated.
  const std::vector<std::uint32_t>& samples() const { return order_; }

  struct Place {
    std::size_t batch = 0, slot = 0;
  };
  // The place of samples()[position].
  Place place(std::size_t position) const;

 private:
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> firsts_;  // the start of each part in order_, and the end of the last one
  std::size_t largest_ = 0;
};

}  // namespace graft
