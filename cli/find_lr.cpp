// graft find-lr DATA: the learning rate at which the loss falls fastest, measured before training.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/report/report.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

struct FindLrArguments {
  std::string data, plot = "find-lr.png", csv;
  bool overwrite = false;
  ConfigOption config;
  GivenOptions given;
};

void find(const FindLrArguments& arguments, Console& console) {
  Outputs outputs(console, arguments.overwrite, console.json ? "json" : "");
  outputs.add("plot", arguments.plot, OutputType::picture);
  outputs.add("csv", arguments.csv, OutputType::table, {"lr,loss,smoothed\n"});
  outputs.keeps_out_of(arguments.data);
  const Observer observer = outputs.observer(console.observer());
  const auto search = [&](const AskedOptions& asked) {
    return search_lr({arguments.data, asked.recipe, asked.chosen,
                      options_from<FindLrOptions>(find_lr_options, arguments.given)},
                     observer);
  };
  const LrSearch found =
      with_options_file(arguments.config.file, arguments.config.elsewhere, arguments.given, search);
  if (outputs.has("csv")) outputs.write("csv", lr_search_csv(found.points));
  outputs.write("plot", draw_lr_search(found.points, found.suggestion).view());
  if (console.json) return console.result(to_json(found, arguments.plot, arguments.csv));
  console.result_lines(console.in_words(to_text(found)));
  for (const char* option : {"plot", "csv"}) outputs.say_written(option);
}

}  // namespace

void add_find_lr(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "find-lr",
                                    "Find a learning rate by a short training run in which it grows", find);
  verb.add_option("DATA", arguments.data, "as graft train takes it")->required();
  verb.add_option("--plot", arguments.plot,
                  "the loss over the learning rate: .png or .jpg; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  verb.add_option("--csv", arguments.csv, "write a table: lr,loss,smoothed")->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --plot and --csv replace files of another kind");
  bind_options<FindLrOptions>(verb, console, find_lr_options, arguments.given);
  bind_recipe(verb, console, default_preset, arguments.given, lr_search_options());
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  bind_config(verb, arguments.config);
}

}  // namespace graft::cli
