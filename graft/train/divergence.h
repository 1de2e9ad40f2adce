// What ends a training whose loss or weights are not finite numbers. All throw Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/network.h"
#include "graft/run/history.h"
#include "graft/train/phase_sums.h"
#include "graft/train/recipe.h"

namespace graft {

// Of an epoch of `batches` batches; epochs count from 0. `history` are the epochs so far, of which the best
// model is kept.
class DivergenceCheck {
 public:
  DivergenceCheck(const Recipe& recipe, std::int64_t batches, const std::vector<EpochRecord>& history)
      : recipe_(recipe), batches_(batches), history_(history) {}

  // `first_bad_step`: the first whose loss was not finite, nothing for none.
  void losses(int epoch, std::optional<std::int64_t> first_bad_step) const;
  // Where recipe.on_nan skips such steps, some must be left.
  void steps(int epoch, const PhaseFigures& figures) const;
  // The last step may have made them not finite, which no loss shows.
  void weights(int epoch, const Network& network) const;
  // Or so large that the answers of a validation are not finite.
  [[noreturn]] void answers(int epoch, const Error& error) const;

 private:
  // Whether a training that skips steps without a finite loss would go on.
  enum class Skipping { helps, does_not_help };
  std::string advice(Skipping skipping) const;
  double learning_rate(int epoch, std::int64_t step) const;

  const Recipe& recipe_;
  std::int64_t batches_;
  const std::vector<EpochRecord>& history_;
};

}  // namespace graft
