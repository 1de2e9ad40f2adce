// A fixed, stratified, seeded split of samples into training and validation.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

struct Split {
  std::vector<Sample> train, val;
};

// Of each class round(n · fraction) samples go to validation, at least one and at most n − 1 where n ≥ 2 (a
// class of one stays in training). Which ones depends on the seed and on the paths below folder.root alone:
// moving the data or adding a class moves no picture from one part to the other. (Of a picture that is not
// below the root, which a table may name, the whole path counts.) Order within each part is
// that of folder.samples. 0 < fraction < 1.
Split stratified_split(Folder folder, double fraction, std::uint64_t seed);

}  // namespace graft
