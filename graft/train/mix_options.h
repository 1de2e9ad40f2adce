// How strongly pictures of a batch are mixed; apart from mix.h so that a recipe needs no torch.
#pragma once

#include "graft/core/option.h"

namespace graft {

struct MixOptions {
  double mixup = 0;   // α of the Beta distribution; 0: never
  double cutmix = 0;  // the same
};
inline constexpr auto mix_options = options_of<MixOptions>(
    option<&MixOptions::mixup>(
        0, 100,
        "pictures and labels of a batch are blended in pairs, by shares from Beta(this, this); 0: not"),
    option<&MixOptions::cutmix>(
        0, 100, "a rectangle of each picture shows another one, its share from Beta(this, this); 0: not"));

}  // namespace graft
