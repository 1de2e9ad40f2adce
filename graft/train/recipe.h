// Everything that decides how a training goes, as one value. Presets are recipes with other fields.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/device/device.h"
#include "graft/task/loss_options.h"
#include "graft/train/train_options.h"

namespace graft {

// Batch norm of a frozen backbone: `update` lets the running statistics move, as the tutorial's model.train()
// does; `eval` holds them, so that the network that was frozen is the network that is kept.
enum class FrozenBn { update, eval };
template <>
struct EnumNames<FrozenBn> {
  static constexpr std::array<const char*, 2> names = {"update", "eval"};
};

// Where the head begins. fresh: as torch.nn.Linear does, or, of a model file whose classes are the data's, as
// that has it. probe: at the best linear head of the frozen backbone, found by logistic or ridge regression
// (probe.h); with no epochs after it, that is the whole training. file: as the weights file has it, whatever
// its outputs mean there.
enum class HeadStart { fresh, probe, file };
template <>
struct EnumNames<HeadStart> {
  static constexpr std::array<const char*, 3> names = {"fresh", "probe", "file"};
};

// How pictures and weights lie in memory while every layer learns. channels_last is the faster one nearly
// everywhere; planar (PyTorch's default) rounds as the reference does, step by step.
template <>
struct EnumNames<BatchLayout> {
  static constexpr std::array<const char*, 2> names = {"planar", "channels-last"};
};

// What is done where the loss of a step, or its gradient, is no number. stop: the training ends with an
// Error. skip: the step is left out, and counted.
enum class OnNan { stop, skip };
template <>
struct EnumNames<OnNan> {
  static constexpr std::array<const char*, 2> names = {"stop", "skip"};
};

// How an epoch chooses its pictures. each: every one once. balanced: as many as there are, each time of a
// class by lot and of its pictures by lot, so that classes come up equally often
// (torch.utils.data.WeightedRandomSampler with weights of 1 / pictures of the class).
template <>
struct EnumNames<Sampling> {
  static constexpr std::array<const char*, 2> names = {"each", "balanced"};
};

// Recipe{} is the tutorial's fine-tuning (the preset finetune). What the program does where nobody names a
// preset is preset(default_preset).
struct Recipe {
  std::string model = "resnet18";
  std::string weights = "default";
  std::string preset = "finetune";
  int epochs = 25;
  int patience = 0;
  double time_limit = 0;
  bool freeze = false;
  FrozenBn frozen_bn = FrozenBn::eval;
  bool hold_bn = false;
  int unfreeze_epochs = 0;
  HeadStart head_start = HeadStart::fresh;
  int views = 0;
  std::string feature_cache = "auto";
  LossOptions loss;
  double ema = 0;
  OnNan on_nan = OnNan::stop;
  OptimizerOptions optimizer;
  double backbone_lr = 1;
  double layer_decay = 1;
  ScheduleOptions schedule;
  bool augment = true;
  AugmentOptions augmentation;
  MixOptions mix;
  bool shuffle = true;
  Sampling sampling = Sampling::each;
  Fit fit = Fit::crop;
  DecodeOptions decode;
  LoaderOptions loader;
  // Memory for pictures that stay decoded from one epoch to the next (decoded_cache.h): "auto", "off", or a
  // size such as "500M" or "2G". No pixel depends on it.
  std::string cache = "auto";
  DataOptions data;
  std::uint64_t seed = 0;
  std::string device = "auto";
  Precision precision = Precision::automatic;
  BatchLayout layout = BatchLayout::channels_last;
  int threads = 0;
};
inline constexpr auto recipe_options = options_of<Recipe>(
    section("Training"), option<&Recipe::model>("network to start from (graft models lists them)"),
    option<&Recipe::weights>(
        "its weights: default, the name of one of its pretrained weights (graft models lists them), none, a "
        ".pth or .safetensors file, a run folder, or a URL"),
    option<&Recipe::preset>("finetune: train every layer; feature-extract: train the head alone; probe: fit "
                            "the head to the frozen network's features; fast: probe, then 3 gentle epochs; "
                            "best: the most accurate found"),
    option<&Recipe::epochs>(0, 1'000'000,
                            "passes over the training pictures; 0 only after `head_start` probe"),
    option<&Recipe::patience>(0, 1'000'000,
                              "end after this many epochs without a better validation accuracy; 0: never"),
    option<&Recipe::time_limit>(0, 1e9, "seconds: no epoch is begun that would end later; 0: no limit"),
    option<&Recipe::freeze>("train the head alone"),
    option<&Recipe::frozen_bn>(
        "batch norm of a frozen network: update its statistics as the tutorial does, or eval: hold them"),
    option<&Recipe::hold_bn>("batch norm keeps the statistics it came with while every layer learns"),
    option<&Recipe::unfreeze_epochs>(
        0, 1'000'000,
        "the head learns alone at first, and the layers join it one after another "
        "over this many epochs; 0: all learn from the start"),
    option<&Recipe::head_start>(
        "fresh: a new head, or a model file's own where it has the same classes; probe: "
        "the best linear one, by logistic regression on the frozen network's features; "
        "file: the weights file's own"),
    option<&Recipe::views>(
        0, 1000, "how often a probe sees each picture beside its centre: mirrored, then random crops"),
    option<&Recipe::feature_cache>(
        "where a probe's features are kept: auto (the user's cache folder), off, or a "
        "folder"),
    group<&Recipe::loss>(loss_options),
    option<&Recipe::ema>(0, 0.999999,
                         "validate and keep the moving average of the weights: how slowly it follows (0.99); "
                         "0: the weights themselves"),
    option<&Recipe::on_nan>("where a step's loss is no number: stop: end with an error; skip: leave the "
                            "step out"),
    section("Optimiser"), group<&Recipe::optimizer>(optimizer_options),
    option<&Recipe::backbone_lr>(0, 1000, "the backbone's learning rate, as a share of `lr`"),
    option<&Recipe::layer_decay>(
        0.001, 1, "each layer from the head down learns at this share of the rate of the one above it"),
    section("Learning rate"), group<&Recipe::schedule>(schedule_options), section("Data"),
    option<&Recipe::shuffle>("a new order of the training pictures each epoch"),
    option<&Recipe::sampling>("each: every training picture once an epoch; balanced: classes equally often, "
                              "rare ones' pictures again and again"),
    option<&Recipe::fit>("how a whole picture becomes the network's square, in validation and prediction: "
                         "crop: its centre; squash: distorted; pad: all of it, with a border"),
    group<&Recipe::decode>(decode_options), group<&Recipe::data>(data_options),
    group<&Recipe::loader>(loader_options),
    option<&Recipe::cache>(
        "memory for decoded pictures: auto (a quarter of what is free, at most 2G), off, or a "
        "size such as 500M"),
    group<&Recipe::augmentation>(augment_options), section("Augmentation"),
    option<&Recipe::augment>("random crops and flips of the training pictures"),
    group<&Recipe::mix>(mix_options), section("Machine"),
    option<&Recipe::seed>("decides every random choice"),
    option<&Recipe::device>("auto, cpu, cuda, cuda:1, mps, xpu"),
    option<&Recipe::precision>("of a training of every layer: fp32, bf16, or auto: bf16 where the device "
                               "is fast and right in it"),
    option<&Recipe::layout>(
        "of a training of every layer: channels-last is faster, planar rounds as PyTorch's "
        "default"),
    option<&Recipe::threads>(
        0, 4096, "threads within an operator; 0: OMP_NUM_THREADS, else one for each available processor"));

// What graft train does where no preset is named (docs/presets.md has the measurements).
inline constexpr const char* default_preset = "fast";

// The names of the presets, and a preset's recipe. Throws UsageError with the nearest name.
std::vector<std::string> preset_names();
Recipe preset(const std::string& name);

// What a preset stands for: preset(), or a variation of it.
using RecipeOfPreset = Recipe (*)(const std::string& preset);
// The recipe of the preset that is given, or else of `base`, with what is given over it. Throws UsageError.
Recipe recipe_of(const GivenOptions& given, const std::string& base = default_preset,
                 RecipeOfPreset recipe_of_preset = preset);

// The preparation of pictures that comes with the weights, with what the recipe says of it: fit, exif, alpha
// and decode. The model keeps it. Throws UsageError for an alpha that is no colour.
Preprocess preprocess_of(const Recipe& recipe, Preprocess of_weights);

// What the loaders of the two phases are for; their options are recipe.loader.
LoaderPass train_pass(const Recipe& recipe);
LoaderPass val_pass(const Recipe& recipe);

// Throws UsageError for options out of range, that do not go together, or that leave nothing to do.
void check_recipe(const Recipe& recipe);
// Throws UsageError where the recipe draws pictures in a way that these labels do not allow.
void check_sampling(const Recipe& recipe, const Folder& train);

}  // namespace graft
