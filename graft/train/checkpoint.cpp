#include "graft/train/trainer.h"

#include <exception>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/json_limits.h"
#include "graft/core/run_mark.h"
#include "graft/core/text.h"
#include "graft/models/load.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char *format_version = "2", *first_format_version = "1";  // that of 0.1

std::string position_json(const Checkpoint& checkpoint) {
  Json json;
  json["epoch"] = checkpoint.epoch;
  json["step"] = checkpoint.step;
  json["seconds"] = checkpoint.seconds;
  json["epoch_seconds"] = checkpoint.epoch_seconds;
  if (checkpoint.probe) json["probe"] = {checkpoint.probe->l2, checkpoint.probe->cv_loss};
  json["history"] = Json::array();
  for (const EpochRecord& record : checkpoint.history) json["history"].push_back(to_json_line(record));
  return json.dump();
}

void read_position(const std::string& text, Checkpoint& checkpoint) {
  const Json json = Json::parse(text);
  checkpoint.epoch = whole_number<int>(json.at("epoch"));
  checkpoint.step = whole_number<std::int64_t>(json.at("step"));
  checkpoint.seconds = json.at("seconds");
  checkpoint.epoch_seconds = json.at("epoch_seconds");
  if (json.contains("probe")) checkpoint.probe = ProbeFit{json["probe"].at(0), json["probe"].at(1)};
  for (const Json& line : json.at("history"))
    checkpoint.history.push_back(epoch_record(line.get<std::string>()));
  count_from_one(checkpoint.history);
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& problem) {
  throw Error(path.string(), problem, "start the training run again");
}

// The advice of read_weights() does not fit a checkpoint, which cannot be downloaded or saved again.
StateDict read_state(const std::filesystem::path& path) {
  try {
    StateDict state = read_weights(path);
    verify_checksum(path, state);
    return state;
  } catch (const Error& error) {
    refuse(path, "is damaged or not a checkpoint: " + error.problem());
  }
}

// "network.12" is the network's thirteenth; a file may have them in any order.
void read_tensors(const StateDict& state, Checkpoint& checkpoint) {
  std::map<std::string, std::size_t> sizes;
  for (const NamedTensor& each : state.tensors) ++sizes[each.name.substr(0, each.name.find('.'))];
  for (const auto& [list, size] : sizes) {
    for (std::size_t i = 0; i < size; ++i) {
      const TensorView* view = state.find(list + "." + std::to_string(i));
      if (view == nullptr) throw Error(list, "tensor " + std::to_string(i) + " is missing");
      checkpoint.tensors[list].push_back(to_tensor(*view).clone());
    }
  }
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     const std::map<std::string, std::string>& facts) {
  std::map<std::string, std::string> metadata = facts;
  metadata["format"] = checkpoint_format;
  metadata["format_version"] = format_version;
  metadata["position"] = position_json(checkpoint);
  std::vector<torch::Tensor> held;
  std::vector<NamedTensor> named;
  for (const auto& [list, tensors] : checkpoint.tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      held.push_back(tensors[i].detach().cpu().contiguous());
      named.push_back({list + "." + std::to_string(i), view_of(held.back())});
    }
  }
  write_with_checksum(path, named, std::move(metadata));
}

SavedCheckpoint load_checkpoint(const std::filesystem::path& path) {
  const StateDict state = read_state(path);
  SavedCheckpoint saved;
  saved.facts = state.metadata;
  const auto fact = [&](const std::string& key) {
    const auto found = saved.facts.find(key);
    return found == saved.facts.end() ? std::string() : found->second;
  };
  if (fact("format") != checkpoint_format) refuse(path, "is not a checkpoint");
  if (const std::string version = fact("format_version");
      version != format_version && version != first_format_version)
    refuse(path, "is a checkpoint of format " + version + ", and this graft reads up to " + format_version);
  if (is_json_too_deep(fact("position"))) refuse(path, "is a damaged checkpoint: nested too deep");
  try {
    read_position(fact("position"), saved.checkpoint);
  } catch (const std::exception& error) {
    refuse(path, "is a damaged checkpoint: " + json_problem(error).words);
  }
  try {
    read_tensors(state, saved.checkpoint);
  } catch (const Error& error) {
    refuse(path, "is a damaged checkpoint: " + error.where() + ": " + error.problem());
  }
  for (const char* ours : {"format", "format_version", "position", "checksum"}) saved.facts.erase(ours);
  return saved;
}

void restore_tensors(const Checkpoint& checkpoint, const std::string& name,
                     const std::vector<torch::Tensor>& into) {
  const torch::NoGradGuard no_gradients;
  const auto found = checkpoint.tensors.find(name);
  const std::vector<torch::Tensor> none;
  const auto& from = found == checkpoint.tensors.end() ? none : found->second;
  const std::string advice =
      "it belongs to a training run with other options: resume it with those, or train again with "
      "`overwrite`";
  if (from.size() != into.size())
    throw Error("checkpoint",
                "its " + name + " has " + counted(from.size(), "tensor") + ", and this training run's has " +
                    std::to_string(into.size()),
                advice);
  for (std::size_t i = 0; i < into.size(); ++i) {
    if (from[i].sizes() != into[i].sizes() || from[i].scalar_type() != into[i].scalar_type())
      throw Error("checkpoint",
                  "tensor " + std::to_string(i) + " of its " + name + " has another shape or type", advice);
    into[i].copy_(from[i]);
  }
}

}  // namespace graft
