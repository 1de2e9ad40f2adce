// A fixed, stratified, seeded split of samples into training and validation.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

struct Split {
  std::vector<Sample> train, val;
};

// Of each class round(n · fraction) samples go to validation, at least one and at most n − 1 where n ≥ 2 (a class of
// one stays in training). Which ones depends on the seed and on the paths below the root, so adding a class moves
// no other class's pictures. Order within each part is that of `samples`.
Split stratified_split(const std::vector<Sample>& samples, double fraction, std::uint64_t seed);

}  // namespace graft
