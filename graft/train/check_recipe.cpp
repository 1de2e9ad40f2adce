#include "graft/core/error.h"
#include "graft/data/decoded_cache.h"
#include "graft/image/alpha.h"
#include "graft/train/recipe.h"

namespace graft {
namespace {

void check_unlabelled(const Recipe& recipe) {
  if (recipe.distill.unlabelled.empty()) return;
  const bool mixes = recipe.mix.mixup > 0, cuts = recipe.mix.cutmix > 0;
  if (mixes || cuts)
    throw UsageError(mixes ? "`mixup`" : "`cutmix`", "mixes labels, and `unlabelled` pictures have none",
                     "set it to 0, or leave `unlabelled` out");
  if (recipe.sampling == Sampling::balanced)
    throw UsageError("`sampling`", "balanced draws by labels, and `unlabelled` pictures have none",
                     "leave one of them out");
}

}  // namespace

void check_recipe(const Recipe& recipe) {
  Recipe checked = recipe;
  for (const OptionRef& option : options_in(checked, recipe_options)) option.check();
  preset(recipe.preset);  // throws for an unknown name
  background_of(recipe.decode.alpha);
  if (recipe.epochs == 0 && recipe.head_start != HeadStart::probe)
    throw UsageError("`epochs`", "0 leaves nothing to do", "use 1 or more, or `head_start` probe");
  if (recipe.extend_head && recipe.head_start == HeadStart::file)
    throw UsageError("`extend_head`", "and `head_start` file exclude each other", "leave one of them out");
  if (recipe.epochs > 0 && recipe.optimizer.lr == 0)
    throw UsageError("`lr`", "0 does not change any weight", "use a learning rate above 0");
  if (recipe.optimizer.nesterov && recipe.optimizer.momentum == 0)
    throw UsageError("`nesterov`", "needs `momentum` above 0");
  if (recipe.ema > 0 && (recipe.average_epochs > 1 || recipe.interpolate < 1))
    throw UsageError("`ema`", "averages steps, and `average_epochs` and `interpolate` average epochs",
                     "leave one of them out");
  if (recipe.interpolate == 0 && recipe.epochs > 0)
    throw UsageError("`interpolate`", "0 keeps the weights from which training starts",
                     "use a value above 0, or 0 `epochs`");
  check_unlabelled(recipe);
  cache_budget(recipe.cache);  // throws for an invalid size, even if nothing is cached
  if (!recipe.augment && recipe.augmentation.any())
    throw UsageError("`augment`", "without random crops and flips the other augmentations have no effect",
                     "leave one of them out");
}

void check_sampling(const Recipe& recipe, const Folder& train) {
  if (train.kind() != LabelKind::single && recipe.sampling == Sampling::balanced)
    throw UsageError("`sampling`", "balanced needs labels of one class per picture", "leave it out");
}

}  // namespace graft
