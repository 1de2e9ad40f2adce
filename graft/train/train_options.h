// The options of training that a Recipe is composed of, and those of a search for a learning rate. No torch
// in this header.
#pragma once

#include <array>

#include "graft/core/option.h"

namespace graft {

enum class Method { sgd, adamw };
template <>
struct EnumNames<Method> {
  static constexpr std::array<const char*, 2> names = {"sgd", "adamw"};
};

// What weight decay leaves alone. none: nothing, it acts on every parameter. biases-and-norms: vectors
// (biases, the scales of norms and of layers) and what the network itself names (Network::no_weight_decay:
// position embeddings, class tokens), as timm's param_groups_weight_decay.
enum class NoWeightDecay { none, biases_and_norms };
template <>
struct EnumNames<NoWeightDecay> {
  static constexpr std::array<const char*, 2> names = {"none", "biases-and-norms"};
};

// torch.optim.SGD's and torch.optim.AdamW's, and what is done to the gradients before a step.
struct OptimizerOptions {
  double lr = 0.001;
  double momentum = 0.9;
  double weight_decay = 0;
  NoWeightDecay no_weight_decay = NoWeightDecay::none;
  Method optimizer = Method::sgd;
  bool nesterov = false;
  double beta1 = 0.9, beta2 = 0.999;
  double clip_grad = 0;
  int accumulate = 1;
};
inline constexpr auto optimizer_options = options_of<OptimizerOptions>(
    option<&OptimizerOptions::lr>(0, 1000, "learning rate, from which the schedule starts"),
    option<&OptimizerOptions::momentum>(0, 1, "of sgd: share of the last step that goes into the next"),
    option<&OptimizerOptions::weight_decay>(
        0, 10,
        "of sgd: L2 penalty on the parameters that are trained; of adamw: share of each that a step "
        "takes away, times the learning rate"),
    option<&OptimizerOptions::no_weight_decay>("what weight decay leaves alone: none: it acts on every "
                                               "parameter; biases-and-norms: vectors, and what "
                                               "the network names (position embeddings, class tokens)"),
    option<&OptimizerOptions::optimizer>(
        "sgd, with momentum; adamw: a step size of its own for each parameter"),
    option<&OptimizerOptions::nesterov>("of sgd: Nesterov's momentum"),
    option<&OptimizerOptions::beta1>(0, 0.999999, "of adamw: how slowly the mean of the gradients follows"),
    option<&OptimizerOptions::beta2>(0, 0.999999, "of adamw: how slowly the mean of their squares follows"),
    option<&OptimizerOptions::clip_grad>(
        0, 1e6, "largest norm of all gradients together; longer ones are scaled down; 0: none is"),
    option<&OptimizerOptions::accumulate>(1, 100'000, "batches whose gradients make one step"));

// step: torch.optim.lr_scheduler.StepLR. cosine: from the rate to zero along half a cosine (Loshchilov and
// Hutter, arXiv:1608.03983, without restarts), at every step. one-cycle:
// torch.optim.lr_scheduler.OneCycleLR's rate with its defaults (Smith and Topin, arXiv:1708.07120): up from
// lr / 25 in the first 30 %, then down to lr / 250,000, both along half a cosine. constant: always the rate.
enum class Schedule { step, cosine, constant, one_cycle };
template <>
struct EnumNames<Schedule> {
  static constexpr std::array<const char*, 4> names = {"step", "cosine", "constant", "one-cycle"};
};

struct ScheduleOptions {
  Schedule schedule = Schedule::step;
  int step_size = 7;
  double gamma = 0.1;
  double warmup_epochs = 0;  // part of the epochs, not beside them
};
inline constexpr auto schedule_options = options_of<ScheduleOptions>(
    option<&ScheduleOptions::schedule>("how the learning rate goes: down by steps, down along a cosine, not "
                                       "at all, or up and down in one cycle"),
    option<&ScheduleOptions::step_size>(1, 1'000'000, "epochs between two drops of the learning rate"),
    option<&ScheduleOptions::gamma>(0, 1, "what the learning rate is multiplied by at a drop"),
    option<&ScheduleOptions::warmup_epochs>(
        0, 1'000'000, "epochs, or a part of one, over which the rate rises to `lr` from a hundredth of it"));

struct MixOptions {
  double mixup = 0;   // α of the Beta distribution; 0: never
  double cutmix = 0;  // the same
};
inline constexpr auto mix_options = options_of<MixOptions>(
    option<&MixOptions::mixup>(
        0, 100,
        "pictures and labels of a batch are blended in pairs, by shares from Beta(this, this); 0: not"),
    option<&MixOptions::cutmix>(
        0, 100, "a rectangle of each picture shows another one, its share from Beta(this, this); 0: not"));

// How a learning rate is searched for, with the defaults of fastai's lr_find.
struct FindLrOptions {
  double from = 1e-7, to = 10;  // the rate grows by the same factor at every step
  int steps = 100;
};
inline constexpr auto find_lr_options =
    options_of<FindLrOptions>(option<&FindLrOptions::from>(1e-12, 1e6, "the smallest learning rate"),
                              option<&FindLrOptions::to>(1e-12, 1e6, "the largest learning rate"),
                              option<&FindLrOptions::steps>(16, 100'000, "batches to try"));

// Throws UsageError for options out of range, or with the rates the wrong way round.
void check_find_lr(const FindLrOptions& options);

}  // namespace graft
