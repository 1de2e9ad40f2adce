// Every model that graft knows: one line each in registry.cpp, and nowhere else.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/preprocess.h"
#include "graft/net/hub.h"

namespace graft {

class Network;  // graft/models/network.h
using NetworkPtr = std::shared_ptr<Network>;
enum class Init;

// Weights that can be had by name: `--weights default`.
struct PretrainedWeights {
  std::string name;        // "IMAGENET1K_V1"
  Download download;       // url empty: not offered for download, only found in the hub cache
  std::string source;      // where it comes from, for people: "torchvision"
  std::string licence;     // "BSD-3-Clause", "Apache-2.0"
  double top1 = 0;         // ImageNet validation accuracy as published, in percent
  std::string how_to_get;  // for people, where there is no url: "run …, or take it from … and copy it"
};

struct ModelSpec {
  std::string name;             // "resnet18"
  std::string family;           // "resnet"
  std::int64_t parameters = 0;  // with 1000 classes
  Preprocess preprocess;
  std::optional<PretrainedWeights> weights;
  // A network of `classes` ≥ 1 outputs on the CPU, in train mode.
  std::function<NetworkPtr(std::int64_t classes, Init init)> build;
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
// that is taken or empty, and Error for a preprocess that cannot be.
//
//   graft::register_model({.name = "my_net", .build = [](std::int64_t classes, graft::Init) {
//     return std::make_shared<MyNet>(classes);
//   }});
void register_model(ModelSpec spec);
// By its name or its timm_name. Throws UsageError with the nearest name.
const ModelSpec& find_model(const std::string& name);
// The model that timm, or torchvision, calls so ("tf_efficientnet_lite0", "resnet18.a1_in1k"); null for a
// name that is not known.
const ModelSpec* find_by_timm_name(const std::string& name);

// Whether its weights lie in the hub cache, so that nothing has to be downloaded.
bool weights_at_hand(const ModelSpec& spec);

// The 1000 class names of ImageNet as torchvision gives them (weights.meta["categories"]).
const std::vector<std::string>& imagenet_classes();

}  // namespace graft
