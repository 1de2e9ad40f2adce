// Options that were given but have no effect, because of the recipe's other options.
#pragma once

#include <string>
#include <vector>

#include "graft/train/recipe.h"

namespace graft {

struct IdleOption {
  std::string name;    // as in the recipe's table: "momentum"
  std::string reason;  // "acts only with `optimizer` sgd"
  // Whether another option contradicts it. False if it has an effect in a longer or similar training run,
  // such as a patience above the number of epochs: scripts give such options on purpose.
  bool is_mistake = true;
};

// The options of `asked` (names of the recipe's table) that have no effect with this recipe. `data` may be
// null if it is not open yet; with it, options of the split and of the labels are checked too.
std::vector<IdleOption> idle_options(const Recipe& recipe, const std::vector<std::string>& asked,
                                     const TrainingData* data = nullptr);

// Throws UsageError that names the first mistake.
void refuse_idle_options(const Recipe& recipe, const std::vector<std::string>& asked,
                         const TrainingData* data = nullptr);

// Options that have an effect, but probably not the intended one, and options of `asked` that are idle
// without being a mistake: one sentence each. `data` as for idle_options().
std::vector<std::string> doubtful_options(const Recipe& recipe, const std::vector<std::string>& asked = {},
                                          const TrainingData* data = nullptr);

}  // namespace graft
