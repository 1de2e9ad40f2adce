// Numbers the sets and numbers of a dataset's labels in order of appearance. Internal.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

class LabelIndex {
 public:
  // The label of a set of classes: ascending, without duplicates.
  std::int64_t of(const std::vector<std::int64_t>& set) { return of(set, of_set_, sets_); }
  std::int64_t of(double number) { return of(number, of_number_, numbers_); }

  // Moves the labels so far into the folder.
  void give(Folder& folder) const {
    folder.class_sets = sets_;
    folder.numbers = numbers_;
  }

 private:
  template <class Value>
  static std::int64_t of(const Value& value, std::map<Value, std::int64_t>& labels,
                         std::vector<Value>& values) {
    const auto [found, is_new] = labels.emplace(value, static_cast<std::int64_t>(values.size()));
    if (is_new) values.push_back(value);
    return found->second;
  }

  std::map<std::vector<std::int64_t>, std::int64_t> of_set_;
  std::map<double, std::int64_t> of_number_;
  ClassSets sets_;
  std::vector<double> numbers_;
};

}  // namespace graft
