// graft compare DATA --models a,b,c: networks ranked by a probe of each.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/run_mark.h"
#include "graft/core/shell_word.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

struct CompareArguments {
  std::string data;
  std::vector<std::string> models;
  GivenOptions given;
};

void compare(const CompareArguments& arguments, Console& console) {
  if (is_run_folder(arguments.data))
    throw Error(
        arguments.data, "is a run, and compare ranks networks on a data set",
        "graft report " + shell_word(arguments.data) + " shows it, graft report RUN RUN compares runs");
  console.words = {{"model", "--models"}, {"weights", "--models NAME=WEIGHTS"}};
  CompareRequest request{arguments.data, {}, recipe_of(arguments.given, "probe"), arguments.given};
  for (const std::string& model : arguments.models) request.candidates.push_back(candidate_of(model));
  Comparison comparison = compare_models(request, console.observer());
  for (ComparedModel& row : comparison.models) row.problem = console.in_words(row.problem);
  console.json ? console.result(to_json(comparison)) : console.result_lines(to_text(comparison));
  for (const ComparedModel& row : comparison.models) {
    if (row.problem.empty()) continue;
    console.warn("graft: " + name_of(row.candidate) + ": " + row.problem);
    console.exit_code = 1;
  }
}

}  // namespace

void add_compare(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "compare", "Rank networks by a probe of each on your pictures", compare);
  verb.add_option("DATA", arguments.data, "as graft train takes it")->required();
  add_list(
      verb, "--models", arguments.models,
      "names, or NAME=WEIGHTS with the name of pretrained weights, a file or URL [those whose weights are "
      "in the cache]",
      model_names());
  Recipe defaults = preset("probe");
  bind_options(verb, console, options_in(defaults, recipe_options), arguments.given, comparison_options());
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
}

}  // namespace graft::cli
