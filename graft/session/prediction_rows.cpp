#include "graft/session/prediction_rows.h"

#include <cmath>
#include <optional>

namespace graft {

std::vector<PredictionRow> prediction_rows(const Task& task, const Outcomes& outcomes,
                                           const Folder& pictures) {
  std::vector<PredictionRow> rows;
  const std::vector<std::string> names = pictures.label_names();
  for (std::size_t i = 0; i < outcomes.outcomes.size(); ++i) {
    const Outcome& outcome = outcomes.outcomes[i];
    rows.push_back({pictures.samples[outcome.index].path, names[static_cast<std::size_t>(outcome.label)],
                    task.prediction_words(outcomes, i, pictures.classes),
                    std::isnan(outcome.probability) ? std::nullopt : std::optional(outcome.probability),
                    outcome.loss});
  }
  return rows;
}

}  // namespace graft
