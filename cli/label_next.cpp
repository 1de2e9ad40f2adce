// graft label-next MODEL PATH...: which pictures without labels to label next.
#include "graft/session/label_next.h"
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

struct LabelNextArguments {
  std::string model;
  std::vector<std::string> pictures;
  int count = 50;
  std::string csv, grid;
  bool overwrite = false;
  GivenOptions given;
};

LabelNextRequest choice_of(const LabelNextArguments& arguments) {
  if (is_network_name(arguments.model))
    throw UsageError(arguments.model, "is the name of a network, which does not know your classes",
                     "label some pictures, and train a run on them first");
  const AskedPrediction asked = asked_prediction(arguments.given);
  const Recipe recipe = recipe_of(arguments.given);
  LabelNextRequest request{arguments.model, arguments.pictures};
  request.count = arguments.count;
  request.seed = recipe.seed;
  request.loader = recipe.loader;
  request.loader.skip_bad = true;
  request.max_pixels = asked.max_pixels;
  request.feature_cache = recipe.feature_cache;
  request.device = asked.device;
  request.threads = asked.threads;
  return request;
}

void label_next(const LabelNextArguments& arguments, Console& console) {
  const LabelNextRequest request = choice_of(arguments);
  Outputs outputs(console, arguments.overwrite);
  outputs.add("csv", arguments.csv, OutputType::table, {label_next_header});
  outputs.add("grid", arguments.grid, OutputType::picture);
  outputs.keeps_out_of(data_of_run(request.model));
  for (const std::string& path : request.pictures) outputs.keeps_out_of_folder(path);
  const LabelNext result = choose_next_to_files(request, outputs, console.observer());
  if (result.labelled > 0) console.say(counted(result.labelled, "picture") + " of the run's data left out");
  console.say(counted(result.chosen.size(), "picture") + " of " + std::to_string(result.candidates) +
              " to label next, the most valuable first");
  if (!outputs.has("csv")) {
    for (std::size_t rank = 0; rank < result.chosen.size(); ++rank)
      console.result_lines(to_text(result, rank));
  }
  for (const char* option : {"csv", "grid"}) outputs.say_written(option);
  for (const BadImage& each : result.bad) console.warn("graft: " + each.message);
  if (!result.bad.empty()) console.exit_code = 1;
}

}  // namespace

void add_label_next(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "label-next",
               "Choose the pictures without labels from which a model would learn most", label_next);
  verb.add_option("MODEL", arguments.model, "run folder or model file, trained on the labels so far")
      ->required();
  verb.add_option("PATH", arguments.pictures, "pictures without labels, or folders of them")->required();
  add_value(verb, "count", arguments.count, "pictures to choose [50]", 1, 1'000'000);
  verb.add_option("--csv", arguments.csv,
                  "write a table: rank,path,predicted,probability,uncertainty; - is standard output")
      ->type_name("FILE");
  verb.add_option("--grid", arguments.grid, "draw the chosen pictures with their predictions: .png or .jpg")
      ->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --csv and --grid replace files of another kind");
  bind_recipe(
      verb, console, default_preset, arguments.given,
      {"seed", "batch_size", "workers", "prefetch", "max_pixels", "feature_cache", "device", "threads"});
}

}  // namespace graft::cli
