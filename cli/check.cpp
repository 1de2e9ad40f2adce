// graft check DATA: problems in a data set.
#include <algorithm>
#include <string_view>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/check/check.h"
#include "graft/core/error.h"
#include "graft/session/check_with_model.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

struct CheckArguments {
  std::string data, csv, grid;
  ModelSource model;
  bool all = false, overwrite = false;
  double similar_cosine = 0;  // 0: not given
  GivenOptions given;
};

const std::vector<std::string> options_of_its_model = {"batch_size", "feature_cache", "device", "threads"};

void refuse_what_needs_a_model(const CheckArguments& arguments) {
  std::vector<std::string> given;
  if (!arguments.csv.empty()) given.emplace_back("csv");
  if (!arguments.grid.empty()) given.emplace_back("grid");
  if (arguments.similar_cosine > 0) given.emplace_back("similar_cosine");
  if (arguments.overwrite) given.emplace_back("overwrite");
  for (const std::string& name : options_of_its_model) {
    if (is_given(arguments.given, name)) given.push_back(name);
  }
  if (!given.empty())
    throw UsageError(quoted_option(given.front()), "acts only with `model`", "name a model, or leave it out");
}

CheckReport checked(const CheckArguments& arguments, Console& console, const Observer& observer) {
  const auto options = options_from<CheckOptions>(check_options, arguments.given);
  if (arguments.model.name.empty()) {
    refuse_what_needs_a_model(arguments);
    return check_data_set(arguments.data, options, observer.progress);
  }
  const Recipe recipe = recipe_of(arguments.given);
  Outputs outputs(console, arguments.overwrite, console.json ? "json" : "");
  outputs.add("csv", arguments.csv, OutputType::table, {proposed_split_header, proposed_header});
  outputs.add("grid", arguments.grid, OutputType::picture);
  ModelCheckRequest request{arguments.data, arguments.model, options,
                            asked_preprocess(arguments.given, recipe), recipe};
  if (arguments.similar_cosine > 0) request.similar_cosine = arguments.similar_cosine;
  CheckReport report = check_with_model(request, outputs, observer);
  if (!report.label_judge.empty()) outputs.say_written("csv");
  const bool is_drawn = std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& each) {
    return each.name == std::string_view("wrong_labels");
  });
  if (is_drawn) outputs.say_written("grid");
  return report;
}

void check(const CheckArguments& arguments, Console& console) {
  require_data(arguments.data);
  const Observer observer = console.observer();
  const CheckReport report = checked(arguments, console, observer);
  observer.warn(idle_check_options(report, arguments.data, arguments.given));
  console.json ? console.result(to_json(report, flag_of))
               : console.result_lines(to_text(report, arguments.all, flag_of));
  if (report.count(Severity::problem) > 0) console.exit_code = 1;
}

}  // namespace

void add_check(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "check", "Find problems in a data set before training", check);
  verb.add_option("DATA", arguments.data, "folder or table of labels (.csv), as for train")->required();
  verb.add_flag("--all", arguments.all, "show all pictures and files of a finding, not the first few");
  CLI::Option* model =
      verb.add_option(
              "--model", arguments.model.name,
              "also find labels that are probably wrong, and pictures that are alike to this model: a "
              "network's name, a model file or a run; the best judge is a run of these pictures with "
              "--folds")
          ->type_name(braces(model_names()) + "|RUN|FILE");
  verb.add_option("--weights", arguments.model.weights, "weights of a model given by name")
      ->type_name(weights_type)
      ->needs(model);
  verb.add_option(
          "--csv", arguments.csv,
          "with --model, write a table for train, in which labels that are probably wrong are replaced "
          "by the proposed ones; - is standard output")
      ->type_name("FILE");
  verb.add_option("--grid", arguments.grid,
                  "with --model, draw the pictures whose labels are probably wrong: .png or .jpg")
      ->type_name("FILE");
  add_value(verb, "similar_cosine", arguments.similar_cosine,
            "with --model, pictures are nearly equal if the cosine of their features is at least this [0.85]",
            0.01, 1);
  verb.add_flag("--overwrite", arguments.overwrite, "let --csv and --grid replace files of another kind");
  bind_options<CheckOptions>(verb, console, check_options, arguments.given);
  bind_options<Recipe>(verb, console, recipe_options, arguments.given, options_of_its_model);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  verb.footer("Exits with 0 when there are only notes, with 1 when there is a problem.");
}

}  // namespace graft::cli
