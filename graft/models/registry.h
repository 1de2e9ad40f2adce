// Every model that graft knows: one line each in registry.cpp, and nowhere else.
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

// What a new network's layers hold: random values as the reference initialises them, or whatever was in
// memory, for a network whose every tensor is loaded next (most of the time that building takes).
enum class Init { random, none };

struct NetworkOptions {
  std::int64_t classes = 1000;  // outputs of the head, at least 1
  Init init = Init::random;
  // Pixels of both sides of the images that it will get; 0: as many as the model's preprocess says. For
  // networks that are made for one size, as by position embeddings.
  int input_size = 0;
};

// Weights that can be had by name: `--weights NAME`.
struct PretrainedWeights {
  std::string name = {};        // "IMAGENET1K_V1"; not "default" or "none"
  Download download = {};       // url empty: not offered for download, only found in the hub cache
  std::string source = {};      // where it comes from, for people: "torchvision"
  std::string licence = {};     // "BSD-3-Clause", "Apache-2.0"
  double mebibytes = 0;         // size of the file, to three places; 0: not known
  double top1 = 0;              // ImageNet validation accuracy as published, in percent; 0: none is
  std::string how_to_get = {};  // for people, where there is no url: "run …, or take it from … and copy it"
  Preprocess preprocess = {};   // how these weights want their pictures
  std::int64_t classes = 1000;  // outputs of the file's head; 0: it has none
  // Makes the network's tensors of a file's, where other names alone (ModelSpec::other_names) do not: splits,
  // joins, reshapes, drops. Empty: the file is taken as it is.
  std::function<StateDict(StateDict)> filter = {};
};

struct ModelSpec {
  std::string name = {};                           // "resnet18"
  std::string family = {};                         // "resnet"
  std::int64_t parameters = 0;                     // with 1000 classes
  Preprocess preprocess = {};                      // of weights that do not say it: random ones, plain files
  std::vector<PretrainedWeights> pretrained = {};  // the first is the default
  // A network on the CPU, in train mode.
  std::function<NetworkPtr(const NetworkOptions& options)> build = {};
  // Names of layers in another library's files (timm's) → the names here. Empty where they are the same.
  std::map<std::string, std::string> other_names = {};
  // Its name in timm, where that is another: `arch` of timm's checkpoints; --model takes it where no model
  // has it as its own name.
  std::string timm_name = {};
  // The model whose files have tensors of the same names (timm's) and shapes, and that computes differently.
  std::string twin = {};
  // The expression that makes the network in Python which loads an exported .pth, with "{}" in the place of
  // the number of classes; empty where there is none at hand.
  std::string python_network = {};
};

// Those of graft, then those of register_model(). References to them last as long as the program.
const std::deque<ModelSpec>& model_registry();

// Adds a program's own network, which from then on is trained, saved, loaded and predicted with under its
// name. Models that were saved under the name are loaded where it has been registered again. `parameters` is
// counted where it is 0. To be called before another thread uses the registry. Throws UsageError for a name
// that is taken or empty, and Error for a preprocess that cannot be and a network whose groups() are not its
// parameters.
//
//   graft::register_model({.name = "my_net", .build = [](const graft::NetworkOptions& options) {
//     return std::make_shared<MyNet>(options.classes);
//   }});
void register_model(ModelSpec spec);
// By its name or its timm_name. Throws UsageError with the nearest name.
const ModelSpec& find_model(const std::string& name);
// The model that timm, or torchvision, calls so ("tf_efficientnet_lite0", "resnet18.a1_in1k"); null for a
// name that is not known.
const ModelSpec* find_by_timm_name(const std::string& name);

// The weights of this name; "default" is the first. Null where there are none.
const PretrainedWeights* find_pretrained(const ModelSpec& spec, const std::string& name = "default");

// Whether they lie in the hub cache, so that nothing has to be downloaded: a file of their name and size. Its
// hash, which takes as long as reading it, is compared whenever the file is used (fetch()).
bool weights_at_hand(const PretrainedWeights& weights);
// The same of the model's default weights.
bool weights_at_hand(const ModelSpec& spec);

// The 1000 class names of ImageNet as torchvision gives them (weights.meta["categories"]).
const std::vector<std::string>& imagenet_classes();

}  // namespace graft
