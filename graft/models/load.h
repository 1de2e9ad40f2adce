// Loads a state dict into a network, strictly by name and shape, and gives a network's tensors as a state
// dict.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/progress.h"
#include "graft/device/torch.h"
#include "graft/metrics/outcomes.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

struct LoadReport {
  std::string prefix;             // the prefix of the network's names in the file: "model.", or empty
  bool renamed = false;           // the file has the names of another library
  bool head_replaced = false;     // the network keeps its own head
  std::int64_t file_classes = 0;  // outputs of the file's head; 0 without a file or a head that fits
  std::vector<std::string> file_class_names;  // of the head, if the file is one of graft's model files
  // The meaning of the outputs of a loaded head, if the file is one of graft's model files; a head of numbers
  // keeps its scale (rescale_head).
  std::optional<TaskSpec> file_task = {};
  std::vector<std::string> notes;  // for people, one line each: assumptions and ignored parts
  std::int64_t kept_classes = 0;   // of build_extended(): classes whose outputs are the file's
};

// Whether a file's head with as many outputs as the network's is loaded.
enum class FileHead { take, leave };

// Copies the tensors of `state` into `network` (parameters and buffers, converted to the network's dtype).
// Names may be another library's, and have any prefix (file_names.h). Tensors outside the network's layers
// and a head of another size or form are ignored, with a note; the network then keeps its own head.
// `num_batches_tracked` and tables of relative positions may be absent. Throws one Error that lists all
// missing, misshapen and unknown tensors within the backbone and values that are not finite, and Error for a
// file that names another model; the network is then unchanged. `where` names the file in messages.
LoadReport load_state(Network& network, const ModelSpec& spec, const StateDict& state,
                      const std::string& where, FileHead head = FileHead::take);

// A network with the file's tensors and as many outputs as the file's head, on the CPU, in train mode. Throws
// Error if the file has no head that fits. `preprocess` determines the size for which the network is built
// (NetworkOptions::input_size).
struct LoadedNetwork {
  NetworkPtr network;
  std::string weights;  // for people and records: "IMAGENET1K_V1 (…/resnet18-f37072fd.pth)", "none"
  LoadReport report;
  Preprocess preprocess = {};  // of the weights (FoundWeights::preprocess)
};
LoadedNetwork build_from_state(const ModelSpec& spec, const StateDict& state, const std::string& where,
                               const Preprocess& preprocess);

struct FoundWeights {
  std::string name;                // for people and records, as LoadedNetwork::weights
  std::filesystem::path path;      // empty for "none"
  std::optional<StateDict> state;  // empty for "none"
  // The preprocess of the weights: their own for pretrained weights, the stored one for graft's model files,
  // that of an exported file's metadata or of a config.json beside a file, else the model's.
  Preprocess preprocess = {};
  std::vector<std::string> classes = {};  // the names of the outputs stated there; empty: not stated
  std::optional<LabelKind> labels = {};   // what the outputs mean as stated there; empty: not stated
  std::vector<std::string> notes = {};    // added to LoadReport::notes
};
// FoundWeights::classes, if there is one for each output and none is there twice. Else empty, with a note if
// the names should have been used.
std::vector<std::string> names_of_outputs(const FoundWeights& found, std::int64_t outputs,
                                          std::vector<std::string>& notes);

// Resolves `weights`, as for build_with_weights().
FoundWeights find_weights(const ModelSpec& spec, const std::string& weights,
                          const ProgressCallback& progress = {});

// The file of the weights of this name, or of the "default" ones; downloads it if it is not in the hub cache.
// Throws UsageError if the model has no such weights, and Error if they cannot be downloaded, with advice
// that names the models whose weights are in the cache.
std::filesystem::path fetch_pretrained(const ModelSpec& spec, const std::string& name = "default",
                                       const ProgressCallback& progress = {});

// A network with the given weights, on the CPU, in train mode:
//   "default"       the first of the model's pretrained weights, from the hub cache or its address
//   a name          those of its pretrained weights ("IMAGENET1K_V2")
//   "none"          random values, from torch's generator
//   an http(s) URL  kept in the hub cache
//   hf-hub:O/N      a repository of the Hugging Face hub (fetch_hub_weights)
//   a file          .pth or .safetensors
//   a run folder    its model
// It has a new head with `classes` outputs, or the file's with classes_of_file. Throws Error, and UsageError
// if the model has no default weights.
inline constexpr std::int64_t classes_of_file = 0;  // as many as the file has (1000 for "none")
LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const std::string& weights,
                                 const ProgressCallback& progress = {});
LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const FoundWeights& found);

// The same for a training run on `classes`. Only graft's model files store the meaning of the outputs: their
// head is kept if they have the same classes in the same order, else it is new. With `keep_head` the file's
// head is always kept; throws UsageError if it has another number of outputs.
LoadedNetwork build_for_classes(const ModelSpec& spec, const std::vector<std::string>& classes,
                                bool keep_head, const std::string& weights,
                                const ProgressCallback& progress = {});
LoadedNetwork build_for_classes(const ModelSpec& spec, const std::vector<std::string>& classes,
                                bool keep_head, const FoundWeights& found);

// The same for a training run on the classes of the file and new ones. The head has the file's outputs of the
// classes of the same name, in any order, and new ones for the others. A number's head is kept as it is.
// Throws UsageError for weights without names of their outputs, if a class of the file is not in `classes`,
// or if `labels` is another kind of labels.
enum class NewOutputs { random, zero };  // initialised as torch.nn.Linear is, or 0
LoadedNetwork build_extended(const ModelSpec& spec, const std::vector<std::string>& classes, LabelKind labels,
                             const FoundWeights& found, NewOutputs new_outputs = NewOutputs::random);

// A network's parameters and buffers as named tensors, in the order of the reference's state_dict().

// The network's tensors, not copies: a module's parameters, then its buffers, then its children.
std::vector<std::pair<std::string, torch::Tensor>> named_tensors(const torch::nn::Module& network);

// The number of elements of its parameters; buffers are not counted.
std::int64_t count_parameters(const torch::nn::Module& network);

// Names and contiguous tensors on the CPU. The views are valid as long as the result exists; for a network on
// the CPU they share its memory. Throws Error for a dtype that files do not support.
StateDict state_of(const torch::nn::Module& network);

// A view of a contiguous tensor on the CPU, which must outlive the view. Throws Error for a dtype that files
// do not support.
TensorView view_of(const torch::Tensor& tensor);

// The same, of a tensor whose memory `state` owns from now on.
TensorView keep_tensor(StateDict& state, const torch::Tensor& tensor);

// The tensor of `view`, on the CPU; it shares the view's memory if that is aligned.
torch::Tensor to_tensor(const TensorView& view);

}  // namespace graft
