// Options that were asked for and change nothing, because of the recipe's other options.
#pragma once

#include <string>
#include <vector>

#include "graft/train/recipe.h"

namespace graft {

struct IdleOption {
  std::string name;    // as in the recipe's table: "momentum"
  std::string reason;  // "acts only with `optimizer` sgd"
  // Whether another option contradicts it. False where it would act in a longer or another training of the
  // same kind, as a patience above the number of epochs: scripts give those on purpose.
  bool is_mistake = true;
};

// Those of `asked` (names of the recipe's table) that cannot act in a training by this recipe. `data` may be
// null where it is not open yet; with it, options of the split and of the labels are judged too.
std::vector<IdleOption> idle_options(const Recipe& recipe, const std::vector<std::string>& asked,
                                     const TrainingData* data = nullptr);

// Throws UsageError that names the first that is a mistake.
void refuse_idle_options(const Recipe& recipe, const std::vector<std::string>& asked,
                         const TrainingData* data = nullptr);

// Options that act, but hardly as they were meant, and those of `asked` that are idle without being a
// mistake: a sentence each.
std::vector<std::string> doubtful_options(const Recipe& recipe, const std::vector<std::string>& asked = {});

}  // namespace graft
