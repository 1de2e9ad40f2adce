// How a learning rate is searched for; no torch.
#pragma once

#include "graft/core/option.h"

namespace graft {

// fastai's lr_find has the same defaults.
struct FindLrOptions {
  double from = 1e-7, to = 10;  // the rate grows by the same factor at every step
  int steps = 100;
};
inline constexpr auto find_lr_options =
    options_of<FindLrOptions>(option<&FindLrOptions::from>(1e-12, 1e6, "the smallest learning rate"),
                              option<&FindLrOptions::to>(1e-12, 1e6, "the largest learning rate"),
                              option<&FindLrOptions::steps>(16, 100'000, "batches to try"));

// Throws UsageError for options out of range, or with the rates the wrong way round.
void check_find_lr(const FindLrOptions& options);

}  // namespace graft
