// model.safetensors: the weights with all that prediction needs in the metadata (docs/formats/model.md).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "graft/core/files.h"
#include "graft/core/progress.h"
#include "graft/metrics/label_kind.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

// The metadata's "format" of a model file.
inline constexpr const char* model_file_format = "graft-model";
bool is_model_file(const StateDict& state);

// Throws Error where it is the checkpoint of a run, which holds more than one network's weights.
void refuse_checkpoint(const StateDict& state, const std::string& where);

// Throws Error where `path` is a run folder whose model, `state`, is still that of an earlier run.
void refuse_model_of_earlier_run(const std::filesystem::path& path, const StateDict& state);

// A preprocess as the metadata and config.json have it. Throws Error that names `where`.
std::string to_json_text(const Preprocess& preprocess);
Preprocess preprocess_of_json(const std::string& text, const std::string& where);

// A network that is ready to answer: what it is, what its outputs mean, how its input is prepared.
struct Model {
  std::string architecture;          // a name of the registry
  std::vector<std::string> classes;  // by index of the output
  Preprocess preprocess;
  std::map<std::string, std::string> training;  // a record for people: "weights", "preset", "val_acc", …
  NetworkPtr network;
  TaskSpec task = {};                   // what the outputs mean
  std::vector<std::string> notes = {};  // what loading assumed or left out, for people (LoadReport::notes)
};

// Atomic: a model already there stays until the new one is whole. Metadata is UTF-8: in a name that is not,
// the bad bytes become U+FFFD. Throws Error, also when there are not as many classes as outputs, or a tensor
// that check_tensors refuses.
void save_model(const std::filesystem::path& path, const Model& model);
// The same to an open file, which `where` names in messages.
void save_model(OutputFile& file, const std::string& where, const Model& model);

// read_weights() of model_file(path). Of a run's own model, an Error about a damaged file advises to restore
// it or to train again: it can be fetched from nowhere.
StateDict read_model_file(const std::filesystem::path& path);

// `path` is a model file or a run folder. The network is on the CPU, in eval mode. Metadata is checked: known
// architecture, sensible preprocessing, as many classes as outputs. Throws Error.
Model load_model(const std::filesystem::path& path);

// A network of the registry in eval mode. `weights` as build_with_weights takes them. A model file of
// graft's, or a run, has its own classes and preprocessing; of other weights the classes are ImageNet's 1000,
// or "class 0", … where they have another number.
Model pretrained_model(const std::string& name, const std::string& weights,
                       const ProgressCallback& progress = {});

}  // namespace graft
