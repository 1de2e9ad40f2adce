// model.safetensors: the weights with all that prediction needs in the metadata (docs/formats/model.md).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {

// A network that is ready to answer: what it is, what its outputs mean, how its input is prepared.
struct Model {
  std::string architecture;          // a name of the registry
  std::vector<std::string> classes;  // by index of the output
  Preprocess preprocess;
  std::map<std::string, std::string> training;  // a record for people: "weights", "preset", "best_val_acc", …
  NetworkPtr network;
};

// Atomic: a model already there stays until the new one is whole.
void save_model(const std::filesystem::path& path, const Model& model);
// Metadata is checked: known architecture, as many classes as outputs. `path` is a model file or a run folder.
// Throws Error.
Model load_model(const std::filesystem::path& path);

// An untouched network of the registry with its own 1000 classes (or the file's, where it has another number:
// "class 0", …).
Model pretrained_model(const std::string& name, const std::string& weights, const ProgressCallback& progress = {});

}  // namespace graft
