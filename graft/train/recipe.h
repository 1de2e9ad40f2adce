// Everything that decides how a training goes, as one value. Presets are recipes with other fields.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/train/optimizer_options.h"
#include "graft/train/schedule.h"

namespace graft {

// Batch norm of a frozen backbone: `update` lets the running statistics move, as the tutorial's model.train()
// does; `eval` holds them, so that the network that was frozen is the network that is kept.
enum class FrozenBn { update, eval };
template <>
struct EnumNames<FrozenBn> {
  static constexpr std::array<const char*, 2> names = {"update", "eval"};
};

struct Recipe {
  std::string model = "resnet18";
  std::string weights = "default";
  std::string preset = "finetune";
  int epochs = 25;
  bool freeze = false;
  FrozenBn frozen_bn = FrozenBn::eval;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  bool augment = true;
  bool shuffle = true;
  LoaderOptions loader;
  DataOptions data;
  std::uint64_t seed = 0;
  std::string device = "auto";
  int threads = 0;
};
inline constexpr auto recipe_options = options_of<Recipe>(
    option<&Recipe::model>("network to start from (graft models lists them)"),
    option<&Recipe::weights>("its weights: default, none, a .pth or .safetensors file, or a URL"),
    option<&Recipe::preset>("finetune: train every layer; feature-extract: train the head alone"),
    option<&Recipe::epochs>(1, 1'000'000, "passes over the training pictures"),
    option<&Recipe::freeze>("train the head alone (what the preset feature-extract sets)"),
    option<&Recipe::frozen_bn>(
        "batch norm of a frozen network: update its statistics as the tutorial does, or eval: hold them"),
    group<&Recipe::optimizer>(optimizer_options), group<&Recipe::schedule>(schedule_options),
    option<&Recipe::augment>("random crops and flips of the training pictures"),
    option<&Recipe::shuffle>("a new order of the training pictures each epoch"),
    group<&Recipe::loader>(loader_options), group<&Recipe::data>(data_options),
    option<&Recipe::seed>("decides every random choice"),
    option<&Recipe::device>("auto, cpu, cuda, cuda:1, mps, xpu"),
    option<&Recipe::threads>(0, 4096, "threads within an operator; 0: one a core"));

// The names of the presets, and a preset's recipe. Throws UsageError with the nearest name.
std::vector<std::string> preset_names();
Recipe preset(const std::string& name);

// What the loaders of the two phases are asked for.
LoaderOptions train_loader_options(const Recipe& recipe);
LoaderOptions val_loader_options(const Recipe& recipe);

}  // namespace graft
