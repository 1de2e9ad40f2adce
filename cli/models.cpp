// graft models: what the registry holds.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/verbs.h"
#include "graft/models/registry.h"

namespace graft::cli {
namespace {

nlohmann::ordered_json to_json(const ModelSpec& spec) {
  nlohmann::ordered_json json;
  json["name"] = spec.name;
  json["family"] = spec.family;
  json["parameters"] = spec.parameters;
  json["input_size"] = spec.preprocess.crop;
  json["resize"] = spec.preprocess.resize;
  json["interpolation"] = to_string(spec.preprocess.interpolation);
  json["mean"] = spec.preprocess.mean;
  json["std"] = spec.preprocess.std;
  json["timm_name"] = spec.timm_name.empty() ? spec.name : spec.timm_name;
  json["weights"] = nullptr;
  if (spec.weights) {
    json["weights"] = {{"name", spec.weights->name},        {"file", spec.weights->download.file},
                       {"url", spec.weights->download.url}, {"sha256", spec.weights->download.sha256},
                       {"source", spec.weights->source},    {"licence", spec.weights->licence},
                       {"top1", spec.weights->top1},        {"cached", weights_at_hand(spec)}};
  }
  return json;
}

void print_table(Console& console) {
  console.result("model                      parameters  input   top-1  weights");
  for (const ModelSpec& spec : model_registry()) {
    char line[160];
    const std::string top1 = spec.weights ? std::to_string(spec.weights->top1).substr(0, 5) : "-";
    std::snprintf(line, sizeof line, "%-25s %9.1f M %6d  %6s  ", spec.name.c_str(),
                  static_cast<double>(spec.parameters) / 1e6, spec.preprocess.crop, top1.c_str());
    std::string weights = "none by name: give --weights FILE";
    if (spec.weights)
      weights =
          spec.weights->name + ", " + spec.weights->source + (weights_at_hand(spec) ? " (in the cache)" : "");
    console.result(line + weights);
  }
}

}  // namespace

void add_models(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("models", "List the networks to start from");
  verb->add_flag("--json", context.console.json, "print a JSON array on standard output");
  verb->callback([&context] {
    if (!context.console.json) return print_table(context.console);
    auto json = nlohmann::ordered_json::array();
    for (const ModelSpec& spec : model_registry()) json.push_back(to_json(spec));
    context.console.result_json(json);
  });
}

}  // namespace graft::cli
