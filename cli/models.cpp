// graft models: what the registry holds.
#include "cli/verbs.h"
#include "graft/models/registry.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

std::string top1_of(const PretrainedWeights& weights) {
  return weights.top1 > 0 ? std::to_string(weights.top1).substr(0, 5) : "-";
}

std::string words_of(const PretrainedWeights& weights) {
  return weights.name + ", " + weights.source + (weights_at_hand(weights) ? " (in the cache)" : "");
}

void print_row(Console& console, const std::string& model, int input, const std::string& top1,
               const std::string& weights) {
  console.result(format("%-37s %6d  %6s  ", model.c_str(), input, top1.c_str()) + weights);
}

// A model with its default weights, and a line for each of the others.
void print_table(Console& console) {
  console.result("model                      parameters  input   top-1  weights");
  for (const ModelSpec& spec : model_registry()) {
    const std::string model =
        format("%-25s %9.1f M", spec.name.c_str(), static_cast<double>(spec.parameters) / 1e6);
    if (spec.pretrained.empty())
      print_row(console, model, spec.preprocess.crop, "-", "none by name: give --weights FILE");
    for (const PretrainedWeights& weights : spec.pretrained) {
      print_row(console, &weights == &spec.pretrained.front() ? model : "", weights.preprocess.crop,
                top1_of(weights), words_of(weights));
    }
  }
}

}  // namespace

void add_models(CLI::App& app, Console& console) {
  CLI::App* verb = app.add_subcommand("models", "List the networks to start from");
  verb->add_flag("--json", console.json, "print a JSON array on standard output");
  verb->footer(
      "Weights are in the cache where a file of their name and size is there; its hash is compared whenever\n"
      "it is used.");
  verb->callback([&console] { console.json ? console.result(models_json()) : print_table(console); });
}

}  // namespace graft::cli
