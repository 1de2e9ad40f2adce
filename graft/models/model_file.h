// model.safetensors: the weights, with everything that prediction needs in the metadata
// (docs/formats/model.md).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graft/core/files.h"
#include "graft/core/progress.h"
#include "graft/metrics/outcomes.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {

struct KnownPictures;  // graft/metrics/known_pictures.h

// A network with the meaning of its outputs and the preprocess of its input.
struct Model {
  std::string architecture;          // a name of the registry
  std::vector<std::string> classes;  // by index of the output
  Preprocess preprocess;
  std::map<std::string, std::string> training;  // a record for people: "weights", "preset", "val_acc", …
  NetworkPtr network;
  TaskSpec task = {};                   // the meaning of the outputs
  std::vector<std::string> notes = {};  // assumptions and ignored parts, for people (LoadReport::notes)
  // What held-out pictures say about the answers: the scores for prediction sets (conformal.h), empty without
  // them, and what tells unknown pictures, or null.
  std::vector<float> set_scores = {};
  std::shared_ptr<const KnownPictures> known = {};
};

// Atomic: an existing model is replaced only when the new one is complete. Metadata is UTF-8: invalid bytes
// of a name become U+FFFD. Throws Error, also if the numbers of classes and outputs differ or check_tensors()
// rejects a tensor.
void save_model(const std::filesystem::path& path, const Model& model);
// Writes to an open file; `where` names it in messages.
void save_model(OutputFile& file, const std::string& where, const Model& model);

// `path` is a model file or a run folder. The network is on the CPU, in eval mode. Metadata is checked: known
// architecture, valid preprocess, as many classes as outputs. Throws Error.
Model load_model(const std::filesystem::path& path);

// A network of the registry in eval mode. `weights` as for build_with_weights(). One of graft's model files,
// or a run, has its own classes and preprocess, and a repository of the Hugging Face hub may state its
// classes; for other weights they are ImageNet's 1000, or "class 0", … for another number of outputs.
Model pretrained_model(const std::string& name, const std::string& weights,
                       const ProgressCallback& progress = {});

}  // namespace graft
