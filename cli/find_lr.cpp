// graft find-lr DATA: at which learning rate the loss falls best, tried before a training.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/config_option.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "graft/report/report.h"
#include "graft/session/lr_finder.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, plot, csv;
  bool overwrite = false;
  ConfigOption config;
  GivenOptions given;
};

std::string rate_text(double lr) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", lr);
  return text;
}

LrSearch search(const Arguments& arguments, const Observer& observer) {
  return with_config(arguments.config, arguments.given, [&](const AskedOptions& asked) {
    LrRequest request{arguments.data, asked.recipe, asked.chosen, {}};
    apply_options(options_in(request.options, find_lr_options), arguments.given);
    return search_lr(request, observer);
  });
}

void find(const Arguments& arguments, Console& console) {
  Outputs outputs(console, arguments.overwrite);
  outputs.add("--plot", arguments.plot, OutputType::picture);
  outputs.add("--csv", arguments.csv, OutputType::table, {"lr,loss,smoothed\n"});
  outputs.keeps_out_of(arguments.data);
  Observer observer = console.observer();
  observer.reads = [&](const std::vector<std::string>& files) {
    outputs.reads(files);
    outputs.check(console.json ? "--json" : "");
  };
  const LrSearch found = search(arguments, observer);
  const LrSuggestion& suggestion = found.suggestion;
  if (outputs.has("--csv")) outputs.write("--csv", lr_search_csv(found.points));
  outputs.write("--plot", draw_lr_search(found.points, suggestion).view());
  if (console.json) {
    nlohmann::ordered_json json = {{"lr", suggestion.valley},
                                   {"steep", suggestion.steep},
                                   {"minimum", suggestion.minimum},
                                   {"steps", found.points.size()},
                                   {"plot", arguments.plot}};
    if (outputs.has("--csv")) json["csv"] = arguments.csv;
    return console.result_json(json);
  }
  console.result("suggested  --lr " + rate_text(suggestion.valley));
  console.result("others     " + rate_text(suggestion.steep) + " (steepest fall), " +
                 rate_text(suggestion.minimum) + " (a tenth of the minimum)");
  outputs.say_written("--plot");
  if (outputs.has("--csv")) outputs.say_written("--csv");
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
  ConfigOption::bind(*verb, arguments->config);
  verb->callback([arguments, &context] { find(*arguments, context.console); });
}

}  // namespace graft::cli
