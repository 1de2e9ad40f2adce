// The two scenarios of the tutorial, fast presets, and the most accurate one (docs/presets.md). A preset is
// data: the fields in which it differs from Recipe's defaults.
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/image/alpha.h"
#include "graft/train/recipe.h"

namespace graft {
namespace {

Recipe finetune() { return {.preset = "finetune"}; }

Recipe feature_extract() { return {.preset = "feature-extract", .freeze = true}; }

// Those of the tutorial's scenarios are off: their models answer as the tutorial's do.
constexpr TrustOptions trusted = {.calibration = CalibrationMethod::temperature, .false_alarm = 0.05};

Recipe probe() {
  return {.preset = "probe", .epochs = 0, .freeze = true, .head_start = HeadStart::probe, .trust = trusted};
}

Recipe fast() {
  return {.preset = "fast",
          .epochs = 3,
          .head_start = HeadStart::probe,
          .optimizer = {.lr = 0.002},
          .backbone_lr = 0.3,
          .schedule = {.schedule = Schedule::cosine, .warmup_epochs = 0.5},
          .augmentation = {.min_scale = 0.35},
          .loader = {.batch_size = 32},
          .trust = trusted};
}

Recipe best() {
  return {.preset = "best",
          .epochs = 15,
          .freeze = true,
          .head_start = HeadStart::probe,
          .loss = {.label_smoothing = 0.05},
          .optimizer = {.lr = 0.05},
          .schedule = {.schedule = Schedule::cosine},
          .augmentation = {.min_scale = 0.35},
          .mix = {.mixup = 0.2},
          .fit = Fit::squash,
          .loader = {.batch_size = 32},
          .trust = trusted};
}

// Where the search of session/auto_search.h begins: it sets the model, the fit and what follows from them.
Recipe automatic() {
  return {.preset = "auto",
          .epochs = 0,
          .keep = Keep::last,
          .time_limit = 3600,
          .freeze = true,
          .head_start = HeadStart::probe,
          .views = 1,
          .augmentation = {.min_scale = 0.35},
          .loader = {.batch_size = 32},
          .trust = trusted};
}

// The name of each is its field `preset`.
const std::vector<Recipe>& presets() {
  static const std::vector<Recipe> all = {finetune(), feature_extract(), probe(), fast(),
                                          best(),     automatic()};
  return all;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Recipe& each : presets()) names.push_back(each.preset);
  return names;
}

Recipe preset(const std::string& name) {
  for (const Recipe& each : presets()) {
    if (each.preset == name) return each;
  }
  const auto names = preset_names();
  throw UsageError("`preset`", "\"" + name + "\" is not one of " + join(names, ", "),
                   did_you_mean(name, names));
}

Recipe recipe_of(const GivenOptions& given, const std::string& base, RecipeOfPreset recipe_of_preset) {
  Recipe recipe = recipe_of_preset(given_or(given, "preset", base));
  apply_options(options_in(recipe, recipe_options), given);
  return recipe;
}

void inherit_input(Recipe& recipe, const Preprocess& of_weights, const GivenOptions& given) {
  const Recipe standard;
  const auto is_open = [&](const char* name, bool is_standard) {
    return is_standard && given_or(given, name, "").empty();
  };
  if (is_open("fit", recipe.fit == standard.fit)) recipe.fit = of_weights.fit;
  DecodeOptions& decode = recipe.decode;
  if (is_open("exif", decode.exif == standard.decode.exif)) decode.exif = of_weights.exif;
  if (is_open("alpha", decode.alpha == standard.decode.alpha)) decode.alpha = of_weights.alpha;
  if (is_open("decode", decode.decode == standard.decode.decode)) decode.decode = of_weights.decode;
}

Preprocess preprocess_of(const Recipe& recipe, Preprocess of_weights) {
  background_of(recipe.decode.alpha);
  if (recipe.input_size > 0) {
    set_input_size(of_weights, recipe.input_size);
    check_preprocess(of_weights, "`input_size`");
  }
  of_weights.fit = recipe.fit;
  of_weights.exif = recipe.decode.exif;
  of_weights.alpha = recipe.decode.alpha;
  of_weights.decode = recipe.decode.decode;
  return of_weights;
}

LoaderPass train_pass(const Recipe& recipe) {
  LoaderPass pass;
  pass.shuffle = recipe.shuffle;
  pass.sampling = recipe.sampling;
  if (recipe.augment) pass.augment = recipe.augmentation;
  pass.seed = recipe.seed;
  pass.layout = recipe.freeze ? BatchLayout::channels_last : recipe.layout;
  pass.max_pixels = recipe.decode.max_pixels;
  return pass;
}

LoaderPass val_pass(const Recipe& recipe) {
  LoaderPass pass;
  pass.seed = recipe.seed;
  pass.layout = BatchLayout::channels_last;
  pass.max_pixels = recipe.decode.max_pixels;
  return pass;
}

}  // namespace graft
