// graft find-lr DATA: at which learning rate the loss falls best, tried before a training.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/report/report.h"
#include "graft/session/search.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, plot = "find-lr.png", csv;
  bool overwrite = false;
  ConfigOption config;
  GivenOptions given;
};

std::string rate_text(double lr) { return format("%.2g", lr); }

LrSearch search(const Arguments& arguments, const Observer& observer) {
  return with_config(arguments.config, arguments.given, [&](const AskedOptions& asked) {
    return search_lr({arguments.data, asked.recipe, asked.chosen,
                      options_from<FindLrOptions>(find_lr_options, arguments.given)},
                     observer);
  });
}

void find(const Arguments& arguments, Console& console) {
  console.words = negative_flags(arguments.given);
  Outputs outputs(console, arguments.overwrite, console.json ? "json" : "");
  outputs.add("plot", arguments.plot, OutputType::picture);
  outputs.add("csv", arguments.csv, OutputType::table, {"lr,loss,smoothed\n"});
  outputs.keeps_out_of(arguments.data);
  const LrSearch found = search(arguments, outputs.observer());
  const LrSuggestion& suggestion = found.suggestion;
  if (outputs.has("csv")) outputs.write("csv", lr_search_csv(found.points));
  outputs.write("plot", draw_lr_search(found.points, suggestion).view());
  if (console.json) {
    nlohmann::ordered_json json = {{"lr", suggestion.valley},
                                   {"steep", suggestion.steep},
                                   {"minimum", suggestion.minimum},
                                   {"steps", found.points.size()},
                                   {"plot", arguments.plot}};
    if (outputs.has("csv")) json["csv"] = arguments.csv;
    return console.result_json(json);
  }
  console.result("suggested  --lr " + rate_text(suggestion.valley));
  console.result("others     " + rate_text(suggestion.steep) + " (steepest fall), " +
                 rate_text(suggestion.minimum) + " (a tenth of the minimum)");
  for (const char* option : {"plot", "csv"}) outputs.say_written(option);
}

// The recipe's options but those that the search decides.
std::vector<std::string> names_of_options() {
  const std::vector<std::string> decided = {"epochs",    "patience", "time_limit",    "lr", "schedule",
                                            "step_size", "gamma",    "warmup_epochs", "fit"};
  Recipe defaults;
  std::vector<std::string> names;
  for (const OptionRef& option : options_in(defaults, recipe_options)) {
    if (std::find(decided.begin(), decided.end(), option.name) == decided.end()) names.push_back(option.name);
  }
  return names;
}

}  // namespace

void add_find_lr(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "find-lr", "Find a learning rate: a mock training in which it grows", find);
  verb.add_option("DATA", arguments.data, "as graft train takes it")->required();
  verb.add_option("--plot", arguments.plot,
                  "the loss over the learning rate: .png or .jpg; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  verb.add_option("--csv", arguments.csv, "write a table: lr,loss,smoothed")->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --plot and --csv replace files of another kind");
  bind_options<FindLrOptions>(verb, find_lr_options, arguments.given);
  bind_recipe(verb, default_preset, arguments.given, names_of_options());
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  bind_config(verb, arguments.config);
}

}  // namespace graft::cli
