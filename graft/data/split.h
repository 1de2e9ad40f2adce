// A fixed, stratified, seeded split of samples into training and validation, and what folders and tables do
// alike once their samples are listed. Internal.
#pragma once

#include <cstdint>
#include <string>
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

// The classes without a sample, in quotes.
std::vector<std::string> names_of_empty(const Folder& folder);

// Appends a warning that names them; `where` is the folder or table.
void warn_of_empty(const Folder& folder, const std::string& where, std::vector<std::string>& warnings);

// Moves part of data.train into data.val. Throws Error, with `where`, when nothing would be left to validate
// on.
void split_off_validation(TrainingData& data, const DataOptions& options, const std::string& where);

}  // namespace graft
