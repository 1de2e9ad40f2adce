#include "graft/session/starting_network.h"

#include "graft/core/error.h"
#include "graft/task/target_scale.h"
#include "graft/task/task.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

// A probe fits the new outputs from 0, the centre of its penalty.
LoadedNetwork network_with_head(const ModelSpec& spec, const Folder& train, const Recipe& recipe,
                                const FoundWeights& found) {
  if (!recipe.extend_head)
    return build_for_classes(spec, train.classes, recipe.head_start == HeadStart::file, found);
  return build_extended(spec, train.classes, train.kind(), found,
                        recipe.head_start == HeadStart::probe ? NewOutputs::zero : NewOutputs::random);
}

}  // namespace

LoadedNetwork starting_network(const ModelSpec& spec, const Folder& train, const Recipe& recipe,
                               FoundWeights found) {
  found.preprocess = preprocess_of(recipe, found.preprocess);
  LoadedNetwork loaded = network_with_head(spec, train, recipe, found);
  if (recipe.head_start == HeadStart::probe)
    check_can_be_probed(*loaded.network, "use `preset` finetune, or `head_start` fresh");
  if (!loaded.network->has_linear_head() && train.kind() != LabelKind::single)
    throw UsageError("`model`",
                     spec.name + " gives no negative outputs, which " +
                         (train.kind() == LabelKind::number ? "numbers" : "several labels for a picture") +
                         " need",
                     "choose another model");
  if (loaded.weights == "none" || loaded.report.head_replaced) return loaded;
  const TaskSpec to = task_spec_of(train);
  // The outputs of plain weights, as `graft export` writes them, are the numbers themselves.
  const TaskSpec from = loaded.report.file_task.value_or(TaskSpec{to.kind});
  const bool of_number = from.kind == LabelKind::number;
  if (of_number != (to.kind == LabelKind::number))
    throw UsageError("`head_start`",
                     std::string("file needs a head of ") + (of_number ? "classes" : "a number") +
                         ", and that of " + loaded.weights + " is for " +
                         (of_number ? "a number" : "classes"),
                     "leave `head_start` out for a new head");
  if (of_number) rescale_head(loaded.network->head()->weight, loaded.network->head()->bias, from, to);
  return loaded;
}

}  // namespace graft
