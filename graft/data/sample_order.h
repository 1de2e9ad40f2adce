// Which samples an epoch sees, in which order and in which batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/loader.h"

namespace graft {

// What `pass` says for one epoch, all of it following from (pass.seed, epoch): 0 … n−1; with pass.shuffle a
// permutation; with Sampling::balanced n draws with replacement, a label by lot and one of its samples by
// lot. The same on every rank.
std::vector<std::uint32_t> sample_order(const std::vector<Sample>& samples, const LoaderPass& pass,
                                        std::uint64_t epoch);

// The last one may be smaller. batch_size ≥ 1.
inline std::size_t batch_count(std::size_t samples, std::size_t batch_size) {
  return (samples + batch_size - 1) / batch_size;
}

// One rank's part of every batch of an epoch. A batch of n samples is cut into world_size pieces of n /
// world_size or one more, in its order: together the ranks see every sample of the order once, those of the
// last, smaller batch too. Of a batch with fewer samples than ranks some parts are empty.
class BatchOrder {
 public:
  BatchOrder(const std::vector<std::uint32_t>& all, std::size_t batch_size, int rank = 0, int world_size = 1);

  std::size_t batches() const { return firsts_.size() - 1; }
  std::span<const std::uint32_t> batch(std::size_t number) const;
  // Of the largest part.
  std::size_t largest() const { return largest_; }
  // All parts, one after another.
  const std::vector<std::uint32_t>& samples() const { return order_; }

  struct Place {
    std::size_t batch = 0, slot = 0;
  };
  // Of samples()[position].
  Place place(std::size_t position) const;

 private:
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> firsts_;  // of each part in order_, and the end of the last one
  std::size_t largest_ = 0;
};

}  // namespace graft
