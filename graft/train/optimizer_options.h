// What the optimiser is asked for; apart from optimizer.h so that a recipe needs no torch.
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

}  // namespace graft
