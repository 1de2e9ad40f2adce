// The models of graft: one line each at the end of its family's file, and nowhere else.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graft/data/preprocess.h"
#include "graft/net/hub.h"
#include "graft/weights/state_dict.h"

namespace graft {

class Network;  // graft/models/network.h
using NetworkPtr = std::shared_ptr<Network>;

// The initial values of a new network: random as in the reference, or none (uninitialised memory) for a
// network whose tensors are all loaded next. Initialisation is most of the time of building a network.
enum class Init { random, none };

struct NetworkOptions {
  std::int64_t classes = 1000;  // outputs of the head, at least 1
  Init init = Init::random;
  // Height and width of the input images in pixels; 0: those of the model's preprocess. For networks with a
  // fixed input size, for example because of position embeddings.
  int input_size = 0;
};

// Pretrained weights that are selected by name: `--weights NAME`.
struct PretrainedWeights {
  std::string name = {};        // "IMAGENET1K_V1"; not "default" or "none"
  Download download = {};       // url empty: not offered for download, only found in the hub cache
  std::string hub = {};         // instead of a download: a repository on the Hugging Face hub, "OWNER/NAME"
  std::string source = {};      // the origin, for people: "torchvision"
  std::string licence = {};     // "BSD-3-Clause", "Apache-2.0"
  double mebibytes = 0;         // size of the file, to three decimal places; 0: unknown
  double top1 = 0;              // published ImageNet validation accuracy in percent; 0: none
  std::string how_to_get = {};  // for people, without a url: "run …, or take it from … and copy it"
  Preprocess preprocess = {};   // of these weights
  std::int64_t classes = 1000;  // outputs of the file's head; 0: no head
  // Converts a file's tensors to the network's beyond renaming (ModelSpec::other_names): splits, joins,
  // reshapes, drops. Empty: no conversion.
  std::function<StateDict(StateDict)> filter = {};
  std::string note = {};  // for people who load them; empty: none
};

struct ModelSpec {
  std::string name = {};                           // "resnet18"
  std::string family = {};                         // "resnet"
  std::int64_t parameters = 0;                     // with 1000 classes
  Preprocess preprocess = {};                      // for weights without their own: random ones, plain files
  std::vector<PretrainedWeights> pretrained = {};  // the first is the default
  // A network on the CPU, in train mode.
  std::function<NetworkPtr(const NetworkOptions& options)> build = {};
  // Names of layers in other files (another library's, as timm's, or those of an earlier version) → the names
  // here. Empty if they are the same.
  std::map<std::string, std::string> other_names = {};
  bool has_timms_names = false;  // its own names are timm's too: other_names are those of an earlier version
  // Converts a file's tensors to this network's before names and shapes are compared: renames those of
  // earlier versions, resizes position embeddings. It leaves what it cannot convert, and adds to `notes`, for
  // people, what changes values. Names may have prefixes. Empty: no conversion.
  std::function<void(StateDict& state, const Network& network, std::vector<std::string>& notes)> adapt = {};
  // Converts this network's tensors, after other_names, to timm's: the inverse of `adapt`. Empty: no
  // conversion.
  std::function<void(StateDict& state)> to_timm = {};
  // Its name in timm, if that differs: `arch` of timm's checkpoints. --model accepts it unless another model
  // has that name.
  std::string timm_name = {};
  // The pooling of its network in timm (`global_pool`): a file that states another is refused.
  std::string timm_pool = "avg";
  // The models whose files have the same tensor names (timm's) and shapes, but which compute differently.
  std::vector<std::string> twins = {};
  // timm's models whose files have the same tensor names and shapes, which compute differently, and which
  // graft does not have: weights that state one of these names are refused.
  std::vector<std::string> lookalikes = {};
  // The Python expression for a network that loads an exported .pth, with "{}" for the number of classes and
  // "{size}" for the pixels of the images' sides where the network depends on them (python_network_of); empty
  // if there is none.
  std::string python_network = {};
  // The version of that network's class (_version), where its load_state_dict() demands it.
  std::int64_t python_version = 1;
};

// The models of graft, then those of register_model(). References stay valid until the program ends.
const std::deque<ModelSpec>& model_registry();

// Adds a program's own network, which can then be trained, saved, loaded and used for prediction under its
// name. A program must register the name again to load models saved under it. `parameters` is counted if it
// is 0. Call it before another thread uses the registry. Throws UsageError for a name that is taken or empty,
// and Error for an invalid preprocess or a network whose groups() are not its parameters.
//
//   graft::register_model({.name = "my_net", .build = [](const graft::NetworkOptions& options) {
//     return std::make_shared<MyNet>(options.classes);
//   }});
void register_model(ModelSpec spec);
// Those whose name or family fits one of the patterns, which may have the wildcards * ? […] ("vit*"); all
// without patterns. Throws UsageError for a pattern that fits none, with the nearest name.
std::vector<const ModelSpec*> find_models(const std::vector<std::string>& patterns);
// Finds a model by its name or timm_name. Throws UsageError with the nearest name.
const ModelSpec& find_model(const std::string& name);
// The model with this name in timm or torchvision ("tf_efficientnet_lite0", "resnet18.a1_in1k"); null for an
// unknown name.
const ModelSpec* find_by_timm_name(const std::string& name);

// The name of the network in timm that computes the same; null if timm has none.
const std::string* network_in_timm(const ModelSpec& spec);

// The name of a model in a file of weights, in the spelling that is compared: in lower case, without "-",
// "_", what precedes the last "/" ("timm/", "hf-hub:timm/"), and timm's tag after ".". "resnet50" for
// "ResNet-50" and "timm/resnet50.a1_in1k".
std::string normalised_model_name(const std::string& name);
// The model that a file's name means, compared by normalised_model_name(); null for an unknown name.
const ModelSpec* find_by_stated_name(const std::string& name);

// ModelSpec::python_network with its values.
std::string python_network_of(const ModelSpec& spec, std::size_t classes, int size);

// The weights of this name; "default" is the first. Null if there are none.
const PretrainedWeights* find_pretrained(const ModelSpec& spec, const std::string& name = "default");

// Whether the hub cache has a file of their name and size, so that no download is needed. fetch() compares
// its hash, which takes as long as reading it, at each use.
bool weights_at_hand(const PretrainedWeights& weights);
// The same for the model's default weights.
bool weights_at_hand(const ModelSpec& spec);

// The 1000 class names of ImageNet in torchvision (weights.meta["categories"]).
const std::vector<std::string>& imagenet_classes();

}  // namespace graft
