// graft find-lr DATA: at which learning rate a training gets on best, tried before it begins.
#include "graft/train/find_lr.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/machine.h"
#include "cli/output.h"
#include "cli/path_kind.h"
#include "cli/recipe_flags.h"
#include "cli/verbs.h"
#include "graft/device/device.h"
#include "graft/models/load.h"
#include "graft/report/report.h"
#include "graft/run/lr_search.h"
#include "graft/train/compute.h"
#include "graft/train/idle_options.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, plot, csv;
  bool overwrite = false;
  GivenOptions given;
};

std::string rate_text(double lr) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", lr);
  return text;
}

void find(const Arguments& arguments, Console& console) {
  require_data(arguments.data);
  const Recipe recipe = recipe_of(arguments.given, default_preset);
  FindLrOptions options;
  apply_options(options_in(options, find_lr_options), arguments.given);
  check_find_lr(options);
  const ModelSpec& spec = find_model(recipe.model);
  use_threads(recipe.threads, console);
  const torch::Device device = select_device(recipe.device);
  const DataSet data = open_data_set(arguments.data, recipe.data);
  Recipe of_epochs = recipe;  // which the search tries, whether or not the preset has any
  of_epochs.epochs = std::max(2, recipe.epochs);
  refuse_idle_options(of_epochs, names_of(arguments.given), &data);
  for (const std::string& warning : data.warnings) console.warn("warning: " + warning);
  Outputs outputs(console, arguments.overwrite);
  outputs.add("--plot", arguments.plot, OutputType::picture);
  outputs.add("--csv", arguments.csv, OutputType::table, "lr,loss,smoothed\n");
  outputs.reads(arguments.data);  // a table
  outputs.reads(recipe.weights);
  for (const Folder* part : {&data.train, &data.val}) {
    for (const Sample& picture : part->samples) outputs.reads(picture.path);
  }
  outputs.check(console.json ? "--json" : "");
  torch::manual_seed(recipe.seed);
  const auto progress = [&](const Progress& p) { console.progress(p); };
  const LoadedNetwork loaded = build_for_classes(
      spec, data.train.classes, recipe.head_start == HeadStart::file, recipe.weights, progress);
  for (const std::string& note : loaded.report.notes)
    console.warn("warning: " + loaded.weights + ": " + note);
  loaded.network->to(device);
  Model model{spec.name, data.train.classes, preprocess_of(recipe, spec.preprocess),
              {},        loaded.network,     data.train.multi_label()};
  const std::vector<LrPoint> points = find_lr(model, data.train, recipe, device, options, progress);
  const LrSuggestion suggestion = suggest_lr(points, options.steps);
  if (outputs.has("--csv")) outputs.write("--csv", lr_search_csv(points));
  outputs.write("--plot", draw_lr_search(points, suggestion).view());
  if (console.json) {
    console.result_json({{"lr", suggestion.valley},
                         {"steep", suggestion.steep},
                         {"minimum", suggestion.minimum},
                         {"steps", points.size()},
                         {"plot", arguments.plot}});
    return;
  }
  console.result("suggested  --lr " + rate_text(suggestion.valley));
  console.result("others     " + rate_text(suggestion.steep) + " (steepest fall), " +
                 rate_text(suggestion.minimum) + " (a tenth of the minimum)");
  outputs.say_written("--plot");
}

}  // namespace

void add_find_lr(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("find-lr", "Find a learning rate: a mock training in which it grows");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("DATA", arguments->data, "as graft train takes it")->required();
  arguments->plot = "find-lr.png";
  verb->add_option("--plot", arguments->plot,
                   "the loss over the learning rate: .png or .jpg; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  verb->add_option("--csv", arguments->csv, "write a table: lr,loss,smoothed")->type_name("FILE");
  verb->add_flag("--overwrite", arguments->overwrite, "let --plot and --csv replace files of another kind");
  static FindLrOptions search;
  bind_options(*verb, options_in(search, find_lr_options), arguments->given);
  Recipe defaults;
  auto names = std::vector<std::string>();
  for (const OptionRef& option : options_in(defaults, recipe_options)) {
    static const std::vector<std::string> decided = {
        "epochs", "patience", "time_limit", "lr", "schedule", "step_size", "gamma", "warmup_epochs", "fit"};
    if (std::find(decided.begin(), decided.end(), option.name) == decided.end()) names.push_back(option.name);
  }
  bind_recipe(*verb, default_preset, arguments->given, names);
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { find(*arguments, context.console); });
}

}  // namespace graft::cli
