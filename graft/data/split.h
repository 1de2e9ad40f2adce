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

enum class SplitUse { validation, test };  // their choices are independent

// Of each class, round(n · fraction) samples go to validation, at least one and at most n − 1 if n ≥ 2 (a
// class of one stays in training). The choice depends only on the seed and on the paths below folder.root:
// moving the data or adding a class does not move a sample to another part. (For a picture outside the root,
// which a table may name, its whole path is used.) Each part keeps the order of folder.samples. 0 < fraction
// < 1.
Split stratified_split(Folder folder, double fraction, std::uint64_t seed,
                       SplitUse use = SplitUse::validation);

// Moves the samples of `part`, with their sources, to the end of `folder`.
void append_samples(Folder& folder, Folder& part);

// The quoted names of the classes without a sample.
std::vector<std::string> names_of_empty(const Folder& folder);

// Appends a warning that names them; `where` is the folder or table.
void warn_of_empty(const Folder& folder, const std::string& where, std::vector<std::string>& warnings);

// The fold of each sample, 0 to folds − 1: folds of a label's samples differ in size by one at most, and so
// do the folds of all samples. For several classes per picture, combinations of fewer than `folds` samples
// count as one label; for numbers, quantiles do. −1: the only sample of its class, which is never held out.
// Each `repeat` has other folds. The choice depends only on the samples' paths below folder.root and their
// labels.
std::vector<int> stratified_folds(const Folder& folder, int folds, std::uint64_t seed, int repeat);

// Completes data whose parts are opened: splits off a test part and a validation part, or makes the parts of
// a cross-validation. `has_val`: data.val is opened; else it is split off. Throws Error, with `where`, if no
// sample is left for a part, and UsageError for folds that cannot be made.
void divide(TrainingData& data, const DataOptions& options, bool has_val, const std::string& where);

}  // namespace graft
