// The metadata of a model file, and how such files are recognised and read. Internal.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/data/preprocess.h"
#include "graft/metrics/known_pictures.h"
#include "graft/metrics/outcomes.h"
#include "graft/weights/state_dict.h"

namespace graft {

// The metadata's "format" of a model file.
inline constexpr const char* model_file_format = "graft-model";
bool is_model_file(const StateDict& state);

// The fields of Model (model_file.h) without the network.
struct ModelMetadata {
  std::string architecture;
  std::vector<std::string> classes;
  Preprocess preprocess;
  std::map<std::string, std::string> training;
  TaskSpec task;
  std::vector<float> set_scores = {};
  std::shared_ptr<const KnownPictures> known = {};
};
// Thrown for a file of weights that is not a model file.
class PlainWeights : public Error {
 public:
  // `network`: the network that has such tensors, or "".
  PlainWeights(const std::string& where, std::string network);
  const std::string& network() const noexcept { return network_; }

 private:
  std::string network_;
};

// Throws Error that names `where` if `state` is not a model file (PlainWeights), has an unsupported version,
// or is damaged.
ModelMetadata read_metadata(const StateDict& state, const std::string& where);
// The inverse, with the format and its version.
std::map<std::string, std::string> to_metadata(const ModelMetadata& model);

// The metadata of a model's tensors in another library's form (plain safetensors), where outputs that are
// numbers have their own unit; and its inverse, empty for a file without it (is_exported).
std::map<std::string, std::string> exported_metadata(const ModelMetadata& model);
bool is_exported(const StateDict& state);
std::optional<ModelMetadata> read_exported_metadata(const StateDict& state, const std::string& where);

[[noreturn]] void refuse_metadata(const std::string& where, const std::string& problem);

// The task in the metadata of a model file. Throws Error that names `where` for damaged metadata.
TaskSpec task_of(const StateDict& state, const std::string& where);

// Throws Error if `state` is the checkpoint of a run, which holds the weights of several networks.
void refuse_checkpoint(const StateDict& state, const std::string& where);

// Throws Error if `path` is a run folder and its model, `state`, belongs to an earlier run.
void refuse_model_of_earlier_run(const std::filesystem::path& path, const StateDict& state);

// The JSON form of a preprocess in the metadata and config.json. Throws Error that names `where`.
std::string to_json_text(const Preprocess& preprocess);
Preprocess preprocess_of_json(const std::string& text, const std::string& where);

// read_weights() of model_file(path). For a run's own model, which cannot be downloaded, the Error about a
// damaged file advises to restore it or to train again.
StateDict read_model_file(const std::filesystem::path& path);

}  // namespace graft
