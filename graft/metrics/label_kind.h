// The kind of target that a model predicts.
#pragma once

#include <array>
#include <cstddef>

#include "graft/core/option.h"

namespace graft {

// The kind of a table's labels. single: the name of a class. multi: any number of classes, a|b, none if
// empty. number: a number to predict (regression). automatic: multi if any label has a |, else single. The
// kind of opened data and of models is never automatic.
enum class LabelKind { automatic, single, multi, number };
template <>
struct EnumNames<LabelKind> {
  static constexpr std::array<const char*, 4> names = {"auto", "single", "multi", "number"};
};
inline const char* to_string(LabelKind kind) {
  return EnumNames<LabelKind>::names[static_cast<std::size_t>(kind)];
}

// What a model predicts. Stored in its file.
struct TaskSpec {
  LabelKind kind = LabelKind::single;  // never automatic
  // For kind number: the prediction is the network's output · scale + mean, the mean and standard deviation
  // of the training targets, so that the network's targets have one scale in any unit.
  double mean = 0, scale = 1;

  bool operator==(const TaskSpec&) const = default;
};

}  // namespace graft
