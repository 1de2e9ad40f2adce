// graft compare DATA --models a,b,c: which network is the best to start from, by a probe of each.
#include <algorithm>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/session/path_kind.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data;
  std::vector<std::string> models;
  GivenOptions given;
};

// "NAME" or "NAME=WEIGHTS".
Candidate candidate_of(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) return {text};
  if (at + 1 == text.size())
    throw UsageError("--models", "\"" + text + "\" names no weights behind =", "give a file, a run or a URL");
  return {text.substr(0, at), text.substr(at + 1)};
}

// As it was asked for: "resnet18", "resnet18=mine.pth".
std::string name_of(const Candidate& candidate) {
  return candidate.weights == "default" ? candidate.model : candidate.model + "=" + candidate.weights;
}

void print_table(const Comparison& comparison, Console& console) {
  const auto known = std::find_if(comparison.models.begin(), comparison.models.end(),
                                  [](const ComparedModel& row) { return !row.metrics.empty(); });
  if (known == comparison.models.end()) return;
  std::string heading = std::string("val ") + find_metric(known->metrics.front().key).heading;
  if (heading == "val accuracy") heading = "val acc";
  console.result(heading + "  val loss  images/s  parameters  model");
  for (const ComparedModel& row : comparison.models) {
    if (!row.problem.empty()) continue;
    console.result(format("%7.4f %9.4f %9.1f %9.1f M  ", row.metrics.front().value, row.val_loss,
                          row.images_per_second, static_cast<double>(row.parameters) / 1e6) +
                   name_of(row.candidate));
  }
}

void compare(const Arguments& arguments, Console& console) {
  if (kind_of(arguments.data) == PathKind::run)
    throw Error(arguments.data, "is a run, and compare ranks networks on a data set",
                "graft report " + arguments.data + " shows it, graft report RUN RUN compares runs");
  console.words = {{"model", "--models"}, {"weights", "--models NAME=WEIGHTS"}};
  CompareRequest request{arguments.data, {}, recipe_of(arguments.given, "probe"), arguments.given};
  for (const std::string& model : arguments.models) request.candidates.push_back(candidate_of(model));
  Comparison comparison = compare_models(request, console.observer());
  for (ComparedModel& row : comparison.models) row.problem = console.in_words(row.problem);
  console.json ? console.result(to_json(comparison)) : print_table(comparison, console);
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
  verb.add_option("--models", arguments.models,
                  "names, or NAME=WEIGHTS with the name of pretrained weights, a file or URL [those whose "
                  "weights are in the cache]")
      ->delimiter(',')
      ->type_name(model_type() + ",...");
  Recipe defaults = preset("probe");
  bind_options(verb, options_in(defaults, recipe_options), arguments.given,
               {"views", "feature_cache", "batch_size", "workers", "prefetch", "min_scale", "fit", "labels",
                "skip_bad", "exif", "alpha", "max_pixels", "decode", "val_fraction", "split_seed", "seed",
                "device", "threads"});
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
}

}  // namespace graft::cli
