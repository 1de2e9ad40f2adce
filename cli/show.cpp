// graft show DATA: the pictures as training sees them, or as a model names them.
#include <algorithm>
#include <memory>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/session/sheets.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, out, model, weights = "default";
  int count = 0;  // 0: 16 pictures of the data, 6 with a model, as the tutorial
  bool overwrite = false;
  GivenOptions given;
};

// Pictures of the data alone: no network is there for a device or weights.
void refuse_options_of_a_model(const Arguments& arguments) {
  const bool device = !given_or(arguments.given, "device", "").empty();
  if (device || arguments.weights != "default")
    throw UsageError(device ? "--device" : "--weights", "acts only with --model", "leave it out");
}

// A model sees whole pictures, and all those of the part that is shown.
void refuse_options_of_training(const GivenOptions& given) {
  for (const auto& [name, value] : given) {
    static const std::vector<std::string> acting = {"labels",     "seed",     "workers", "exif",   "alpha",
                                                    "max_pixels", "skip_bad", "device",  "threads"};
    if (std::find(acting.begin(), acting.end(), name) == acting.end())
      throw UsageError(flag_of(name), "acts only without --model, on training pictures", "leave it out");
  }
}

Image sheet(const Arguments& arguments, const Recipe& recipe, const Observer& observer) {
  if (arguments.model.empty()) {
    refuse_options_of_a_model(arguments);
    return draw_data_sheet(
        {arguments.data, recipe, arguments.given, arguments.count > 0 ? arguments.count : 16}, observer);
  }
  refuse_options_of_training(arguments.given);
  return draw_prediction_sheet({arguments.data,
                                {arguments.model, arguments.weights},
                                asked_preprocess(arguments.given, recipe),
                                recipe.data.labels,
                                recipe.loader,
                                recipe.decode.max_pixels,
                                recipe.seed,
                                arguments.count > 0 ? arguments.count : 6,
                                recipe.device,
                                recipe.threads},
                               observer);
}

void show(const Arguments& arguments, Console& console) {
  Outputs outputs(console, arguments.overwrite);
  outputs.add("--out", arguments.out, OutputType::picture);
  outputs.keeps_out_of(arguments.data);
  Observer observer = console.observer();
  observer.reads = [&](const std::vector<std::string>& files) {
    outputs.reads(files);
    outputs.check();
  };
  const Image drawn = sheet(arguments, recipe_of(arguments.given), observer);
  outputs.write("--out", drawn.view());
  outputs.say_written("--out");
}

}  // namespace

void add_show(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand(
      "show", "Draw pictures of a data set, as training sees them or as a model names them");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("DATA", arguments->data, "folder of pictures, as for train or eval")->required();
  verb->add_option("--out", arguments->out, "the sheet: .png or .jpg; - is standard output")
      ->required()
      ->type_name("FILE");
  verb->add_flag("--overwrite", arguments->overwrite, "let --out replace a file of another kind");
  verb->add_option("--model", arguments->model,
                   "title the pictures with this model's predictions: run folder, model file or name")
      ->type_name(model_type() + "|RUN|FILE");
  verb->add_option("--weights", arguments->weights, "weights of a model given by name")
      ->type_name(weights_type());
  add_number(*verb, "count", arguments->count, 1, 10'000, "pictures [16; 6 with --model]");
  bind_recipe(*verb, default_preset, arguments->given,
              {"augment",
               "min_scale",
               "auto_augment",
               "rand_ops",
               "rand_magnitude",
               "jitter_brightness",
               "jitter_contrast",
               "jitter_saturation",
               "jitter_hue",
               "random_erase",
               "labels",
               "shuffle",
               "seed",
               "val_fraction",
               "workers",
               "exif",
               "alpha",
               "max_pixels",
               "skip_bad",
               "device",
               "threads",
               "preset"});
  verb->callback([arguments, &context] { show(*arguments, context.console); });
}

}  // namespace graft::cli
