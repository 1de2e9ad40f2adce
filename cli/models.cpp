// graft models: what the registry holds.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/verbs.h"
#include "graft/models/registry.h"

namespace graft::cli {
namespace {

using Json = nlohmann::ordered_json;

void add(Json& json, const Preprocess& preprocess) {
  json["input_size"] = preprocess.crop;
  json["resize"] = preprocess.resize;
  json["interpolation"] = to_string(preprocess.interpolation);
  json["mean"] = preprocess.mean;
  json["std"] = preprocess.std;
}

Json to_json(const PretrainedWeights& weights) {
  Json json = {{"name", weights.name},
               {"file", weights.download.file},
               {"url", weights.download.url},
               {"sha256", weights.download.sha256},
               {"mebibytes", weights.mebibytes},
               {"source", weights.source},
               {"licence", weights.licence},
               {"top1", weights.top1},
               {"cached", weights_at_hand(weights)},
               {"classes", weights.classes}};
  add(json, weights.preprocess);
  return json;
}

// "weights" are the default ones.
Json to_json(const ModelSpec& spec) {
  Json json;
  json["name"] = spec.name;
  json["family"] = spec.family;
  json["parameters"] = spec.parameters;
  add(json, spec.preprocess);
  json["timm_name"] = spec.timm_name.empty() ? spec.name : spec.timm_name;
  json["weights"] = nullptr;
  json["pretrained"] = Json::array();
  for (const PretrainedWeights& weights : spec.pretrained) json["pretrained"].push_back(to_json(weights));
  if (!spec.pretrained.empty()) json["weights"] = json["pretrained"][0];
  return json;
}

std::string top1_of(const PretrainedWeights& weights) {
  return weights.top1 > 0 ? std::to_string(weights.top1).substr(0, 5) : "-";
}

std::string words_of(const PretrainedWeights& weights) {
  return weights.name + ", " + weights.source + (weights_at_hand(weights) ? " (in the cache)" : "");
}

void print_row(Console& console, const std::string& model, int input, const std::string& top1,
               const std::string& weights) {
  char line[160];
  std::snprintf(line, sizeof line, "%-37s %6d  %6s  ", model.c_str(), input, top1.c_str());
  console.result(line + weights);
}

// A model with its default weights, and a line for each of the others.
void print_table(Console& console) {
  console.result("model                      parameters  input   top-1  weights");
  for (const ModelSpec& spec : model_registry()) {
    char model[80];
    std::snprintf(model, sizeof model, "%-25s %9.1f M", spec.name.c_str(),
                  static_cast<double>(spec.parameters) / 1e6);
    if (spec.pretrained.empty())
      print_row(console, model, spec.preprocess.crop, "-", "none by name: give --weights FILE");
    for (const PretrainedWeights& weights : spec.pretrained) {
      print_row(console, &weights == &spec.pretrained.front() ? model : "", weights.preprocess.crop,
                top1_of(weights), words_of(weights));
    }
  }
}

}  // namespace

void add_models(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("models", "List the networks to start from");
  verb->add_flag("--json", context.console.json, "print a JSON array on standard output");
  verb->footer(
      "Weights are in the cache where a file of their name and size is there; its hash is compared whenever\n"
      "it is used.");
  verb->callback([&context] {
    if (!context.console.json) return print_table(context.console);
    auto json = nlohmann::ordered_json::array();
    for (const ModelSpec& spec : model_registry()) json.push_back(to_json(spec));
    context.console.result_json(json);
  });
}

}  // namespace graft::cli
