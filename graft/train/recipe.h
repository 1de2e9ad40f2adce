// All options of a training run as one value. Presets are recipes with other fields.
#pragma once

#include <array>
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

// Batch norm of a frozen backbone. update: the running statistics change, as with the tutorial's
// model.train(); eval: they do not, so that the saved backbone is the original one.
enum class FrozenBn { update, eval };
template <>
struct EnumNames<FrozenBn> {
  static constexpr std::array<const char*, 2> names = {"update", "eval"};
};

// The initial head. fresh: initialised as torch.nn.Linear is, or the head of a model file with the classes of
// the data. probe: the optimal linear head of the frozen backbone, fitted by logistic or ridge regression
// (probe.h); with 0 epochs it is the final head. file: the head of the weights file, whatever its outputs
// mean.
enum class HeadStart { fresh, probe, file };
template <>
struct EnumNames<HeadStart> {
  static constexpr std::array<const char*, 3> names = {"fresh", "probe", "file"};
};

// Memory layout of images and weights when every layer is trained. channels_last is faster on nearly all
// devices; planar (PyTorch's default) rounds as the reference does in every step.
template <>
struct EnumNames<BatchLayout> {
  static constexpr std::array<const char*, 2> names = {"planar", "channels-last"};
};

// The reaction to a step whose loss or gradient is not finite. stop: training ends with an Error. skip: the
// step is skipped and counted.
enum class OnNan { stop, skip };
template <>
struct EnumNames<OnNan> {
  static constexpr std::array<const char*, 2> names = {"stop", "skip"};
};

// The sampling of an epoch. each: every sample once. balanced: the same number of samples, each drawn from a
// random class, so that classes are equally frequent (torch.utils.data.WeightedRandomSampler with weights of
// 1 / samples of the class).
template <>
struct EnumNames<Sampling> {
  static constexpr std::array<const char*, 2> names = {"each", "balanced"};
};

// The weights that a run keeps. best: of the epoch with the best primary metric on the validation pictures,
// which makes that metric optimistic; last: of the last epoch, whatever its metrics. A cross-validation
// always keeps the last.
enum class Keep { best, last };
template <>
struct EnumNames<Keep> {
  static constexpr std::array<const char*, 2> names = {"best", "last"};
};

// Recipe{} is the tutorial's fine-tuning (the preset finetune). Without a preset the program uses
// preset(default_preset).
struct Recipe {
  std::string model = "resnet18";
  std::string weights = "default";
  std::string preset = "finetune";
  int epochs = 25;
  int patience = 0;
  Keep keep = Keep::best;
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
  int input_size = 0;
  Fit fit = Fit::crop;
  DecodeOptions decode;
  LoaderOptions loader;
  // Memory for decoded images that are kept from one epoch to the next (decoded_cache.h): "auto", "off", or a
  // size such as "500M" or "2G". It does not affect pixel values.
  std::string cache = "auto";
  DataOptions data;
  std::uint64_t seed = 0;
  std::string device = "auto";
  Precision precision = Precision::automatic;
  BatchLayout layout = BatchLayout::channels_last;
  int threads = 0;
  TrustOptions trust;
  // Whether the head keeps the outputs that the weights have for classes of the data, by their names.
  bool extend_head = false;
  DistillOptions distill;
  std::string models = {};  // of preset auto: names separated by commas; empty: all whose weights are at hand
  int average_epochs = 1;   // epoch_average.h
  double interpolate = 1;   // likewise
};
// Whether the run first searches for its recipe (session/auto_search.h).
inline bool searches(const Recipe& recipe) { return recipe.preset == "auto"; }
// Whether the run is a cross-validation and the final training after it.
inline bool trains_folds(const Recipe& recipe) { return recipe.data.folds > 0 && recipe.data.fold == 0; }
// Whether the run keeps the weights of its last epoch.
inline bool keeps_last(const Recipe& recipe) { return recipe.keep == Keep::last || recipe.data.folds > 0; }
inline constexpr auto recipe_options = options_of<Recipe>(
    section("Training"),
    option<&Recipe::model>("network to start from (graft models lists them), or hf-hub:OWNER/NAME"),
    option<&Recipe::weights>(
        "its weights: default, the name of one of its pretrained weights (graft models lists them), none, a "
        ".pth or .safetensors file, a run folder, a URL, or hf-hub:OWNER/NAME"),
    option<&Recipe::preset>(
        "finetune: train every layer; feature-extract: train only the head; probe: fit "
        "the head to the frozen network's features; fast: probe, then 3 epochs at a low rate; "
        "best: the most accurate found; auto: compare networks, fits and trainings by cross-validation and "
        "keep the best"),
    option<&Recipe::models>("networks that `preset` auto compares, separated by commas; each may be "
                            "NAME=WEIGHTS; empty: all whose weights are in the hub cache"),
    option<&Recipe::epochs>(0, 1'000'000,
                            "passes over the training pictures; 0 only after `head_start` probe"),
    option<&Recipe::patience>(0, 1'000'000,
                              "end after this many epochs without a better validation metric; 0: never"),
    option<&Recipe::keep>("weights to keep: best: of the epoch with the best validation metric; last: of the "
                          "last epoch, as a cross-validation always does"),
    option<&Recipe::time_limit>(0, 1e9, "seconds: do not start an epoch that would end later; 0: no limit"),
    option<&Recipe::freeze>("train only the head"),
    option<&Recipe::frozen_bn>("batch norm of a frozen network: update: its statistics change, as in the "
                               "tutorial; eval: they do not"),
    option<&Recipe::hold_bn>("keep the initial statistics of batch norm while every layer is trained"),
    option<&Recipe::unfreeze_epochs>(
        0, 1'000'000,
        "train only the head at first, and unfreeze the other layers one after another "
        "over this many epochs; 0: train all from the start"),
    option<&Recipe::head_start>(
        "fresh: a new head, or a model file's head if it has the same classes; probe: "
        "the best linear head, by regression on the frozen network's features; "
        "file: the head of the weights file"),
    option<&Recipe::extend_head>(
        "keep the head's outputs for the classes that the weights name, all of which the data must have; the "
        "outputs for other classes are new (a probe changes the kept ones only as far as the pictures "
        "demand)"),
    option<&Recipe::views>(
        0, 1000, "additional views of each picture for a probe: the mirror image, then random crops"),
    option<&Recipe::feature_cache>(
        "where to cache a probe's features: auto (the user's cache folder), off, or a "
        "folder"),
    group<&Recipe::loss>(loss_options),
    option<&Recipe::ema>(0, 0.999999,
                         "validate and keep the moving average of the weights: its decay, such as 0.99; "
                         "0: no average"),
    option<&Recipe::on_nan>("if a step's loss is not finite: stop: end with an error; skip: skip the "
                            "step"),
    option<&Recipe::average_epochs>(
        1, 100, "validate and keep the mean of the weights of the last epochs: their number (a model soup)"),
    option<&Recipe::interpolate>(
        0, 1,
        "validate and keep weights between those from which training starts (0) and the trained ones (1), as "
        "WiSE-FT"),
    section("Optimiser"), group<&Recipe::optimizer>(optimizer_options),
    option<&Recipe::backbone_lr>(0, 1000, "learning rate of the backbone, as a factor of `lr`"),
    option<&Recipe::layer_decay>(0.001, 1,
                                 "learning rate of each layer as a factor of that of the layer above it"),
    section("Learning rate"), group<&Recipe::schedule>(schedule_options), section("Data"),
    option<&Recipe::shuffle>("shuffle the training pictures in each epoch"),
    option<&Recipe::sampling>(
        "each: every training picture once per epoch; balanced: all classes equally often, "
        "with repeated pictures of rare classes"),
    option<&Recipe::input_size>(
        0, 4096,
        "side of the network's square input in pixels; the resize before it is scaled in proportion; 0: that "
        "of the weights"),
    option<&Recipe::fit>(
        "how to fit a whole picture into the network's square input, in validation and prediction: "
        "crop: the centre; squash: distort; pad: add a border"),
    group<&Recipe::decode>(decode_options), group<&Recipe::data>(data_options),
    group<&Recipe::loader>(loader_options),
    option<&Recipe::cache>(
        "memory for decoded pictures: auto (a quarter of the free memory, at most 2G), off, or a "
        "size such as 500M"),
    group<&Recipe::augmentation>(augment_options), section("Augmentation"),
    option<&Recipe::augment>("random crops and flips of the training pictures"),
    group<&Recipe::mix>(mix_options), section("Distillation"), group<&Recipe::distill>(distill_options),
    group<&Recipe::trust>(trust_options), section("Machine"),
    option<&Recipe::seed>("seed of all random choices"),
    option<&Recipe::device>("auto, cpu, cuda, cuda:1, mps, xpu"),
    option<&Recipe::precision>(
        "when every layer is trained: fp32, bf16, or auto: bf16 if the device computes "
        "it fast and correctly"),
    option<&Recipe::layout>(
        "memory layout when every layer is trained: channels-last is faster, planar rounds as PyTorch's "
        "default"),
    option<&Recipe::threads>(
        0, 4096, "threads within an operator; 0: OMP_NUM_THREADS, else one for each available processor"));

// The preset of graft train if none is given (measurements: docs/presets.md).
inline constexpr const char* default_preset = "fast";

// The names of the presets, and a preset's recipe. Throws UsageError with the nearest name.
std::vector<std::string> preset_names();
Recipe preset(const std::string& name);

// Maps a preset's name to its recipe: preset(), or a variation of it.
using RecipeOfPreset = Recipe (*)(const std::string& preset);
// The recipe of the given preset, or else of `base`, with the given options applied. Throws UsageError.
Recipe recipe_of(const GivenOptions& given, const std::string& base = default_preset,
                 RecipeOfPreset recipe_of_preset = preset);

// Sets fit, exif, alpha and decode, where they are neither given nor other than the defaults (by a preset),
// to those of the weights from which training starts.
void inherit_input(Recipe& recipe, const Preprocess& of_weights, const GivenOptions& given);
// The preprocess of the weights with the recipe's input_size, fit, exif, alpha and decode: that of the
// network, saved in the model. Throws UsageError for an alpha that is not a colour.
Preprocess preprocess_of(const Recipe& recipe, Preprocess of_weights);

// The passes of the loaders of the two phases; their options are recipe.loader.
LoaderPass train_pass(const Recipe& recipe);
LoaderPass val_pass(const Recipe& recipe);

// Throws UsageError for options that are out of range, contradict each other, or leave nothing to do.
void check_recipe(const Recipe& recipe);
// Throws UsageError if these labels do not support the recipe's sampling.
void check_sampling(const Recipe& recipe, const Folder& train);

}  // namespace graft
