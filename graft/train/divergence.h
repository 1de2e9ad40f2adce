// Checks that end a training run if the loss or the weights are not finite. All throw Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/network.h"
#include "graft/run/run.h"
#include "graft/train/phase_sums.h"
#include "graft/train/recipe.h"

namespace graft {

// Checks epochs of `batches` batches; epochs count from 0. `history`: the epochs so far, of which the best
// model is kept. `has_own_parts`: a custom loss or batch transform takes part.
class DivergenceCheck {
 public:
  DivergenceCheck(const Recipe& recipe, std::int64_t batches, const std::vector<EpochRecord>& history,
                  bool has_own_parts = false)
      : recipe_(recipe), batches_(batches), history_(history), has_own_parts_(has_own_parts) {}

  // `first_bad_step`: the first step whose loss was not finite, if any.
  void losses(int epoch, std::optional<std::int64_t> first_bad_step) const;
  // If recipe.on_nan skips such steps, some steps must remain.
  void steps(int epoch, const PhaseMetrics& metrics) const;
  // The last step may have made the weights not finite, which no loss shows.
  void weights(int epoch, const Network& network) const;
  // The weights are so large that the outputs in validation are not finite.
  [[noreturn]] void answers(int epoch, const Error& error) const;

 private:
  // Whether training would continue if it skipped steps without a finite loss.
  enum class Skipping { helps, does_not_help };
  std::string advice(Skipping skipping) const;
  double learning_rate(int epoch, std::int64_t step) const;

  const Recipe& recipe_;
  std::int64_t batches_;
  const std::vector<EpochRecord>& history_;
  bool has_own_parts_;
};

}  // namespace graft
