#include "graft/models/model_file.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/metrics/known_pictures.h"
#include "graft/models/finite.h"
#include "graft/models/load.h"
#include "graft/models/model_metadata.h"
#include "graft/run/run.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

const ModelSpec& spec_of(const ModelMetadata& metadata, const std::string& where) {
  try {
    return find_model(metadata.architecture);
  } catch (const UsageError& error) {
    throw Error(where, "its architecture is unknown: " + error.problem(),
                error.advice().empty() ? "a program registers its own networks with register_model()"
                                       : error.advice());
  }
}

// The model that the file describes, with a network of `spec`.
Model described_model(const ModelSpec& spec, ModelMetadata metadata, const StateDict& state,
                      const std::string& where) {
  Model model{spec.name,
              std::move(metadata.classes),
              std::move(metadata.preprocess),
              std::move(metadata.training),
              nullptr,
              metadata.task,
              {},
              std::move(metadata.set_scores),
              std::move(metadata.known)};
  LoadedNetwork loaded = build_from_state(spec, state, where, model.preprocess);
  model.network = loaded.network;
  model.notes = std::move(loaded.report.notes);
  model.network->eval();
  const std::int64_t outputs = model.network->head()->weight.size(0);
  if (outputs != static_cast<std::int64_t>(model.classes.size()))
    refuse_metadata(
        where, counted(model.classes.size(), "class") + " for a network of " + counted(outputs, "output"));
  const std::int64_t features = model.network->head()->weight.size(1);
  if (model.known && model.known->num_features != features)
    refuse_metadata(where, "\"known\" has " + counted(model.known->num_features, "feature") +
                               ", and the network has " + std::to_string(features));
  return model;
}

}  // namespace

void save_model(OutputFile& file, const std::string& where, const Model& model) {
  const std::int64_t outputs = model.network->head()->weight.size(0);
  if (outputs != static_cast<std::int64_t>(model.classes.size())) {
    throw Error(where, "a network of " + counted(outputs, "output") + " cannot be saved with " +
                           counted(model.classes.size(), "class"));
  }
  check_tensors(*model.network);
  const StateDict state = state_of(*model.network);
  const auto metadata = to_metadata({model.architecture, model.classes, model.preprocess, model.training,
                                     model.task, model.set_scores, model.known});
  write_safetensors(file, where, state.tensors, metadata);
}

void save_model(const std::filesystem::path& path, const Model& model) {
  replace_file(path, [&](OutputFile& file) { save_model(file, path.string(), model); });
}

Model load_model(const std::filesystem::path& path) {
  const std::filesystem::path file = model_file(path);
  const StateDict state = read_model_file(file);
  ModelMetadata metadata = read_metadata(state, file.string());
  refuse_model_of_earlier_run(path, state);
  const ModelSpec& spec = spec_of(metadata, file.string());
  return described_model(spec, std::move(metadata), state, file.string());
}

Model pretrained_model(const std::string& name, const std::string& weights,
                       const ProgressCallback& progress) {
  const ModelSpec& spec = find_model(name);
  const FoundWeights found = find_weights(spec, weights, progress);
  if (found.state && is_model_file(*found.state)) {
    const std::string where = found.path.string();
    Model model = described_model(spec, read_metadata(*found.state, where), *found.state, where);
    model.training["weights"] = found.name;
    return model;
  }
  const LoadedNetwork loaded = build_with_weights(spec, classes_of_file, found);
  loaded.network->eval();
  Model model{spec.name, {}, loaded.preprocess, {{"weights", loaded.weights}}, loaded.network};
  model.notes = loaded.report.notes;
  const std::int64_t outputs = loaded.network->head()->weight.size(0);
  const std::vector<std::string> names = names_of_outputs(found, outputs, model.notes);
  if (found.labels) model.task = {*found.labels};
  if (outputs == 1) {  // one class would be meaningless: the output is a number
    model.task = {LabelKind::number};
    model.classes = names.empty() ? std::vector<std::string>{"output"} : names;
  } else if (model.task.kind == LabelKind::number) {
    throw Error(found.path.string(),
                "predicts " + std::to_string(outputs) + " numbers, and graft predicts one",
                "training from it puts a new head on it");
  } else if (!names.empty()) {
    model.classes = names;
  } else if (outputs == static_cast<std::int64_t>(imagenet_classes().size())) {
    model.classes = imagenet_classes();
  } else {
    for (std::int64_t i = 0; i < outputs; ++i) model.classes.push_back("class " + std::to_string(i));
  }
  return model;
}

}  // namespace graft
