// What a model learns to say of a picture.
#pragma once

#include <array>
#include <cstddef>

#include "graft/core/option.h"

namespace graft {

// What the labels of a table are. single: the name of a class. multi: any number of classes, a|b, none where
// it is empty. number: a number, which is predicted (regression). automatic: multi where one of them has a |,
// else single. Of data and models it is never automatic.
enum class LabelKind { automatic, single, multi, number };
template <>
struct EnumNames<LabelKind> {
  static constexpr std::array<const char*, 4> names = {"auto", "single", "multi", "number"};
};
inline const char* to_string(LabelKind kind) {
  return EnumNames<LabelKind>::names[static_cast<std::size_t>(kind)];
}

// What a model was trained to say. Kept in its file.
struct TaskSpec {
  LabelKind kind = LabelKind::single;  // never automatic
  // Of kind number: the network's output · scale + mean is the number. Mean and standard deviation of the
  // training targets, so that the network learns targets of one size whatever their unit.
  double mean = 0, scale = 1;

  bool operator==(const TaskSpec&) const = default;
};

}  // namespace graft
