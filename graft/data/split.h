// A fixed, stratified, seeded split of samples into training and validation, and functions that folders and
// tables share after their samples are listed. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

struct Split {
  std::vector<Sample> train, val;
};

// Of each class, round(n · fraction) samples go to validation, at least one and at most n − 1 if n ≥ 2 (a
// class of one stays in training). The choice depends only on the seed and on the paths below folder.root:
// moving the data or adding a class does not move a sample to another part. (For a picture outside the root,
// which a table may name, its whole path is used.) Each part keeps the order of folder.samples. 0 < fraction
// < 1.
Split stratified_split(Folder folder, double fraction, std::uint64_t seed);

// The quoted names of the classes without a sample.
std::vector<std::string> names_of_empty(const Folder& folder);

// Appends a warning that names them; `where` is the folder or table.
void warn_of_empty(const Folder& folder, const std::string& where, std::vector<std::string>& warnings);

// Moves part of data.train into data.val. Throws Error, with `where`, if no sample is left for validation.
void split_off_validation(TrainingData& data, const DataOptions& options, const std::string& where);

}  // namespace graft
