// What a model learns to say of a picture.
#pragma once

#include <array>

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

}  // namespace graft
