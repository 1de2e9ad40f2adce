// A state dict into a network, by name and shape, strictly; and a network's tensors as a state dict.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/progress.h"
#include "graft/device/torch.h"
#include "graft/metrics/label_kind.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

struct LoadReport {
  std::string prefix;             // what stood before the network's names: "model.", or empty
  bool renamed = false;           // names of another library were understood
  bool head_replaced = false;     // the network keeps its own head
  std::int64_t file_classes = 0;  // outputs of the file's head; 0 where it has none that fits, or is no file
  std::vector<std::string> file_class_names;  // of the head, where the file is a model file of graft's
  // What the outputs of a head that was taken mean, where the file is one of graft's; a head of numbers keeps
  // its scale (rescale_head).
  std::optional<TaskSpec> file_task = {};
  std::vector<std::string> notes;  // what people should know, a line each: what was assumed or left out
};

// What becomes of a file's head that has as many outputs as the network's: it is taken, or left.
enum class FileHead { take, leave };

// Copies the tensors of `state` into `network` (parameters and buffers, converted to the network's dtype).
// Names may be another library's, and have any prefix (file_names.h). What lies beside the network's layers
// is left out, with a note, and so is a head of another size or form, or none: the network then keeps its
// own. `num_batches_tracked` may be absent. Missing, misshapen or unknown tensors within the backbone, and
// values that are not finite, are one Error that lists them, and a file that says that it is another model's
// is an Error too; the network is then unchanged. `where` names the file in messages.
LoadReport load_state(Network& network, const ModelSpec& spec, const StateDict& state,
                      const std::string& where, FileHead head = FileHead::take);

// A network of as many outputs as the file's head has, with all that the file holds. On the CPU, in train
// mode. Throws Error where the file has no such head.
// `preprocess` says for which size the network is built (NetworkOptions::input_size).
struct LoadedNetwork {
  NetworkPtr network;
  std::string weights;  // for people and records: "IMAGENET1K_V1 (…/resnet18-f37072fd.pth)", "none"
  LoadReport report;
  Preprocess preprocess = {};  // how the weights want their pictures (FoundWeights::preprocess)
};
LoadedNetwork build_from_state(const ModelSpec& spec, const StateDict& state, const std::string& where,
                               const Preprocess& preprocess);

struct FoundWeights {
  std::string name;                // for people and records, as LoadedNetwork::weights
  std::filesystem::path path;      // empty for "none"
  std::optional<StateDict> state;  // empty for "none"
  // How they want their pictures: of pretrained weights their own, of a model file of graft's what it says,
  // else the model's.
  Preprocess preprocess = {};
};
// What `--weights` names, as build_with_weights() takes it.
FoundWeights find_weights(const ModelSpec& spec, const std::string& weights,
                          const ProgressCallback& progress = {});

// The file of the weights of this name, or of the "default" ones, which is fetched where it is not in the hub
// cache. Throws Error, and UsageError where there are none; where they cannot be fetched, the advice names
// the models whose weights are at hand.
std::filesystem::path fetch_pretrained(const ModelSpec& spec, const std::string& name = "default",
                                       const ProgressCallback& progress = {});

// A network with the weights that `--weights` names, on the CPU, in train mode:
//   "default"       the first of the model's pretrained weights, from the hub cache or its address
//   a name          those of its pretrained weights ("IMAGENET1K_V2")
//   "none"          random values, from torch's generator
//   an http(s) URL  kept in the hub cache
//   a file          .pth or .safetensors
//   a run folder    its model
// It has a new head of `classes` outputs; with classes_of_file it has the file's.
// Throws Error, and UsageError where no default weights are known.
inline constexpr std::int64_t classes_of_file = 0;  // as many as the file has (1000 for "none")
LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const std::string& weights,
                                 const ProgressCallback& progress = {});
LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const FoundWeights& found);

// The same for a training on `classes`. Weights say nothing of what their head's outputs mean, but for model
// files of graft's: the head is theirs where they have the same classes in the same order, else new. With
// `keep_head` it is the file's in any case; throws UsageError where that has another number of outputs.
LoadedNetwork build_for_classes(const ModelSpec& spec, const std::vector<std::string>& classes,
                                bool keep_head, const std::string& weights,
                                const ProgressCallback& progress = {});

// A network's parameters and buffers as named tensors, in the order of the reference's state_dict().

// The network's own tensors, to read and to write: a module's parameters, then its buffers, then its
// children.
std::vector<std::pair<std::string, torch::Tensor>> named_tensors(const torch::nn::Module& network);

// How many numbers its parameters hold; buffers are not counted.
std::int64_t count_parameters(const torch::nn::Module& network);

// Names and tensors on the CPU, contiguous. The views stay valid while the result lives; those of a network
// on the CPU see its later changes. Throws Error for a dtype that no file holds.
StateDict state_of(const torch::nn::Module& network);

// A contiguous tensor on the CPU as a file takes it; it must outlive the view. Throws Error for a dtype that
// no file holds.
TensorView view_of(const torch::Tensor& tensor);

// The tensor that `view` shows, on the CPU; it uses the view's memory where that is aligned.
torch::Tensor to_tensor(const TensorView& view);

}  // namespace graft
