// The groups of options of a Recipe, and the options of a learning-rate search. This header does not include
// torch.
#pragma once

#include <array>
#include <string>

#include "graft/core/option.h"

namespace graft {

enum class Method { sgd, adamw };
template <>
struct EnumNames<Method> {
  static constexpr std::array<const char*, 2> names = {"sgd", "adamw"};
};

// The parameters without weight decay. none: every parameter is decayed. biases-and-norms: vectors (biases,
// scales of norms and layers) and the parameters of Network::no_weight_decay (position embeddings, class
// tokens) are not, as in timm's param_groups_weight_decay.
enum class NoWeightDecay { none, biases_and_norms };
template <>
struct EnumNames<NoWeightDecay> {
  static constexpr std::array<const char*, 2> names = {"none", "biases-and-norms"};
};

// Options of torch.optim.SGD and torch.optim.AdamW, and of the gradients before a step.
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
    option<&OptimizerOptions::lr>(0, 1000, "initial learning rate of the schedule"),
    option<&OptimizerOptions::momentum>(0, 1, "sgd: fraction of the last step that is added to the next"),
    option<&OptimizerOptions::weight_decay>(
        0, 10,
        "sgd: L2 penalty on the trained parameters; adamw: fraction of each parameter that a step "
        "subtracts, times the learning rate"),
    option<&OptimizerOptions::no_weight_decay>("parameters without weight decay: none: decay every "
                                               "parameter; biases-and-norms: vectors, and those that "
                                               "the network names (position embeddings, class tokens)"),
    option<&OptimizerOptions::optimizer>(
        "sgd: with momentum; adamw: with an adaptive step size for each parameter"),
    option<&OptimizerOptions::nesterov>("sgd: Nesterov momentum"),
    option<&OptimizerOptions::beta1>(0, 0.999999, "adamw: decay of the mean of the gradients"),
    option<&OptimizerOptions::beta2>(0, 0.999999, "adamw: decay of the mean of their squares"),
    option<&OptimizerOptions::clip_grad>(
        0, 1e6, "maximum norm of all gradients together; larger ones are scaled down; 0: no limit"),
    option<&OptimizerOptions::accumulate>(1, 100'000,
                                          "batches per optimiser step; their gradients are accumulated"));

// off: the probabilities are the network's. The others: graft/task/calibrate.h.
enum class CalibrationMethod { off, temperature, vector };
template <>
struct EnumNames<CalibrationMethod> {
  static constexpr std::array<const char*, 3> names = {"off", "temperature", "vector"};
};

// What a run learns about its model from the pictures that it held out (docs/trust.md).
struct TrustOptions {
  CalibrationMethod calibration = CalibrationMethod::off;
  double false_alarm = 0;
};
inline constexpr auto trust_options = options_of<TrustOptions>(
    section("Trust"),
    option<&TrustOptions::calibration>(
        "correction of the probabilities by the pictures that were held out: temperature: one factor for all "
        "outputs; vector: a factor and a shift for each output; off"),
    option<&TrustOptions::false_alarm>(
        0, 0.5,
        "fraction of pictures like the training pictures that the model may take for unknown ones; 0: the "
        "model does not tell unknown pictures"));

// step: torch.optim.lr_scheduler.StepLR. cosine: from the rate to zero along half a cosine (Loshchilov and
// Hutter, arXiv:1608.03983, without restarts), at every step. one-cycle:
// torch.optim.lr_scheduler.OneCycleLR's rate with its defaults (Smith and Topin, arXiv:1708.07120): up from
// lr / 25 in the first 30 %, then down to lr / 250,000, both along half a cosine. constant: always lr.
enum class Schedule { step, cosine, constant, one_cycle };
template <>
struct EnumNames<Schedule> {
  static constexpr std::array<const char*, 4> names = {"step", "cosine", "constant", "one-cycle"};
};

struct ScheduleOptions {
  Schedule schedule = Schedule::step;
  int step_size = 7;
  double gamma = 0.1;
  double warmup_epochs = 0;  // included in the epochs
};
inline constexpr auto schedule_options = options_of<ScheduleOptions>(
    option<&ScheduleOptions::schedule>("learning-rate schedule: step: drops in steps; cosine: falls along a "
                                       "cosine; constant; one-cycle: rises and falls once"),
    option<&ScheduleOptions::step_size>(1, 1'000'000, "epochs between two decays of the learning rate"),
    option<&ScheduleOptions::gamma>(0, 1, "factor of each decay of the learning rate"),
    option<&ScheduleOptions::warmup_epochs>(
        0, 1'000'000,
        "epochs, or a fraction of one, over which the rate rises to `lr` from a hundredth of it"));

struct MixOptions {
  double mixup = 0;   // α of the Beta distribution; 0: never
  double cutmix = 0;  // the same
};
inline constexpr auto mix_options = options_of<MixOptions>(
    option<&MixOptions::mixup>(
        0, 100, "blend pictures and labels of a batch in pairs, with shares from Beta(this, this); 0: off"),
    option<&MixOptions::cutmix>(0, 100,
                                "replace a rectangle of each picture by another picture, with a share from "
                                "Beta(this, this); 0: off"));

// Knowledge distillation: the network also learns the answers of a trained one (distill.h).
struct DistillOptions {
  std::string teacher;
  double distill_weight = 0.9;
  double distill_temperature = 4;
  std::string unlabelled;
};
inline constexpr auto distill_options = options_of<DistillOptions>(
    option<&DistillOptions::teacher>("run folder or model file whose answers the network also learns; it has "
                                     "the classes of the data"),
    option<&DistillOptions::distill_weight>(
        0.001, 1, "share of the teacher's answers in the loss; the labels have the rest"),
    option<&DistillOptions::distill_temperature>(
        0.1, 100,
        "divisor of the outputs of teacher and network before the softmax: above 1 the small "
        "probabilities count for more"),
    option<&DistillOptions::unlabelled>(
        "folder of pictures without labels, which the network learns by the teacher's answers alone"));

// Options of a learning-rate search, with the defaults of fastai's lr_find.
struct FindLrOptions {
  double from = 1e-7, to = 10;  // the rate grows by the same factor at every step
  int steps = 100;
};
inline constexpr auto find_lr_options =
    options_of<FindLrOptions>(option<&FindLrOptions::from>(1e-12, 1e6, "smallest learning rate"),
                              option<&FindLrOptions::to>(1e-12, 1e6, "largest learning rate"),
                              option<&FindLrOptions::steps>(16, 100'000, "batches to try"));

// Throws UsageError for options out of range, or if `from` is not below `to`.
void check_find_lr(const FindLrOptions& options);

}  // namespace graft
