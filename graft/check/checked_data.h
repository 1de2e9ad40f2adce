// What the findings are made of: the pictures with their parts and labels, and what was seen of each.
// Internal.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graft/check/check.h"
#include "graft/check/picture_facts.h"
#include "graft/data/folder.h"

namespace graft {

// A file of the data set's folders that is none of its pictures.
struct IgnoredFile {
  std::string path, reason;
};

struct CheckedData {
  std::vector<std::string> classes;
  std::vector<Sample> samples;                             // training's, then validation's
  std::size_t train = 0;                                   // how many are training's
  bool split = false;                                      // validation was split off
  std::vector<std::string> warnings;                       // of open_data_set
  std::string refusal;                                     // its Error, where it refused
  std::vector<PictureFacts> facts;                         // one a sample; empty until they were looked at
  std::vector<std::int64_t> train_counts{}, val_counts{};  // as Folder::count_per_class; empty: no pictures
  std::vector<std::shared_ptr<const Dataset>> sources{};   // keep the samples' Datasets alive; null for files
  LabelKind labels = LabelKind::single;                    // never automatic
  std::vector<IgnoredFile> ignored{};

  bool in_val(std::size_t picture) const { return picture >= train; }
  bool has_val() const { return train < samples.size(); }
};

// Lists what open_data_set lists; where that refuses, whatever pictures of classes there are on either side.
// Throws its Error where there are none.
CheckedData list_for_check(const std::filesystem::path& root, const DataOptions& options);

// The same of a data set that is open.
CheckedData checked(DataSet opened);

}  // namespace graft
