#include "graft/train/divergence.h"

#include <string>

#include "graft/core/csv.h"
#include "graft/models/finite.h"
#include "graft/train/schedule.h"

namespace graft {
namespace {

std::string name_of(int epoch) { return "epoch " + std::to_string(epoch + 1); }

}  // namespace

std::string DivergenceCheck::advice(Skipping skipping) const {
  const bool skip = skipping == Skipping::helps && recipe_.on_nan != OnNan::skip;
  return std::string("try a smaller `lr`, or `clip_grad` 1") + (skip ? ", or `on_nan` skip" : "") +
         (has_own_parts_ ? "; check the values of the custom `loss` or `batch_transform`" : "") +
         (history_.empty() ? "; no epoch was completed, so there is no model yet"
                           : "; the best model so far is kept");
}

double DivergenceCheck::learning_rate(int epoch, std::int64_t step) const {
  const double part = static_cast<double>(step) / static_cast<double>(batches_);
  return learning_rate_at(recipe_.schedule, recipe_.optimizer.lr, epoch + part, recipe_.epochs);
}

void DivergenceCheck::losses(int epoch, std::optional<std::int64_t> first_bad_step) const {
  if (!first_bad_step) return;
  throw Error(name_of(epoch) + ", step " + std::to_string(*first_bad_step + 1),
              "the training loss is not finite (learning rate " +
                  csv_number(learning_rate(epoch, *first_bad_step)) + ")",
              advice(Skipping::helps));
}

void DivergenceCheck::steps(int epoch, const PhaseMetrics& metrics) const {
  if (metrics.steps == 0)
    throw Error(name_of(epoch), "no step had a finite loss: all were skipped", advice(Skipping::helps));
}

void DivergenceCheck::weights(int epoch, const Network& network) const {
  try {
    check_tensors(network);
  } catch (const Error& error) {
    throw Error(name_of(epoch),
                error.where() + " is not finite (learning rate " +
                    csv_number(learning_rate(epoch, batches_ - 1)) + ")",
                advice(Skipping::does_not_help));
  }
}

void DivergenceCheck::answers(int epoch, const Error& error) const {
  throw Error(name_of(epoch),
              error.problem() + " in validation (learning rate " +
                  csv_number(learning_rate(epoch, batches_ - 1)) + ")",
              advice(Skipping::does_not_help));
}

}  // namespace graft
