// graft show DATA: the pictures as training sees them, or as a model names them.
#include <algorithm>
#include <memory>

#include "cli/machine.h"
#include "cli/model_argument.h"
#include "cli/output.h"
#include "cli/path_kind.h"
#include "cli/recipe_flags.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/device/device.h"
#include "graft/session/visualize.h"
#include "graft/train/idle_options.h"
#include "graft/train/recipe.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, out, model, weights = "default";
  int count = 0;  // 0: 16 pictures of the data, 6 with a model, as the tutorial
  bool overwrite = false;
  GivenOptions given;
};

// Before the long work; by then it is known which pictures are read.
void check(Outputs& outputs, const Arguments& arguments, const std::vector<Sample>& pictures) {
  outputs.reads(arguments.data);  // a table
  for (const Sample& picture : pictures) outputs.reads(picture.path);
  outputs.check();
}

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

Image sheet_of_data(const Arguments& arguments, const Recipe& recipe, Outputs& outputs, Console& console) {
  refuse_options_of_a_model(arguments);
  const DataSet data = open_data_set(arguments.data, recipe.data);
  Recipe of_an_epoch = recipe;  // which the sheet shows, whether or not the preset has one
  of_an_epoch.epochs = 1;
  refuse_idle_options(of_an_epoch, names_of(arguments.given), &data);
  check(outputs, arguments, data.train.samples);
  for (const std::string& warning : data.warnings) console.warn("warning: " + warning);
  warn_of_fonts(data.train.classes, console);
  return draw_batch(data.train.samples, data.train.label_names(), preprocess_of(recipe, Preprocess()),
                    train_loader_options(recipe), arguments.count > 0 ? arguments.count : 16);
}

Image sheet_of_predictions(const Arguments& arguments, const Recipe& recipe, Outputs& outputs,
                           Console& console) {
  refuse_options_of_training(arguments.given);
  const torch::Device device = select_device(recipe.device);
  std::vector<std::string> warnings;
  // The folder's own classes: an untouched network is shown on classes that it does not know too.
  const Folder folder = open_evaluation_folder(arguments.data, {}, warnings, recipe.data.labels);
  outputs.reads(model_file(arguments.model));
  outputs.reads(arguments.weights);
  check(outputs, arguments, folder.samples);
  Model model = open_model_or_name(arguments.model, arguments.weights, console);
  override_preprocess(model, arguments.given, recipe);
  for (const std::string& warning : warnings) console.warn("warning: " + warning);
  warn_of_fonts(model.classes, console);
  return draw_predictions(model, folder.samples, folder.label_names(), val_loader_options(recipe),
                          arguments.count > 0 ? arguments.count : 6, device);
}

void show(const Arguments& arguments, Console& console) {
  require_data(arguments.data);
  const Recipe recipe = recipe_of(arguments.given, default_preset);
  use_threads(recipe.threads, console);
  Outputs outputs(console, arguments.overwrite);
  outputs.add("--out", arguments.out, OutputType::picture);
  const Image sheet = arguments.model.empty() ? sheet_of_data(arguments, recipe, outputs, console)
                                              : sheet_of_predictions(arguments, recipe, outputs, console);
  outputs.write("--out", sheet.view());
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
