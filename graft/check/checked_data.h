// The input of the findings: the pictures with their parts and labels, and the facts about each. Internal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graft/check/check.h"
#include "graft/check/picture_facts.h"
#include "graft/data/folder.h"

namespace graft {

// A file in the dataset's folders that is not one of its pictures.
struct IgnoredFile {
  std::string path, reason;
};

struct CheckedData {
  std::vector<std::string> classes;
  std::vector<Sample> samples;                             // of training, of validation, of the test part
  std::size_t train = 0;                                   // number of training samples
  bool split = false;                                      // validation was split off
  std::vector<std::string> warnings;                       // of open_data_set
  std::string refusal;                                     // its Error, if it threw one
  std::vector<PictureFacts> facts;                         // one per sample; empty before they are checked
  std::vector<std::int64_t> train_counts{}, val_counts{};  // as Folder::count_per_class; empty: no pictures
  std::vector<std::shared_ptr<const Dataset>> sources{};   // keep the samples' Datasets alive; none for files
  LabelKind labels = LabelKind::single;                    // never automatic
  std::vector<IgnoredFile> ignored{};
  std::size_t test = 0;                     // number of test samples
  bool test_split = false;                  // they were split off
  std::vector<std::int64_t> test_counts{};  // as train_counts

  const char* part_of(std::size_t picture) const;  // "training", "validation" or "test"
  bool has_val() const { return train + test < samples.size(); }
  // "training and test"; empty for one part, and without a test part, because there are only two parts then.
  std::string parts_of(const std::vector<std::uint32_t>& pictures) const;
};

// Lists the samples of open_data_set; if it refuses the files, all pictures in class folders on either side.
// Throws its Error if there are none.
CheckedData list_for_check(const DataSource& source, const DataOptions& options);

}  // namespace graft
