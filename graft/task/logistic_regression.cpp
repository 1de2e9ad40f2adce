#include "graft/task/linear_fit.h"

#include <map>

#include "graft/core/random.h"

namespace graft {
namespace {

constexpr int max_iterations = 300;
constexpr double gradient_tolerance = 1e-5;
constexpr int history = 10;

torch::Tensor mean_loss(const torch::Tensor& logits, const torch::Tensor& labels) {
  return labels.dim() == 1 ? torch::nn::functional::cross_entropy(logits, labels)
                           : torch::binary_cross_entropy_with_logits(logits, labels);
}

}  // namespace

LinearFit fit_logistic(const torch::Tensor& features, const torch::Tensor& labels, std::int64_t classes,
                       double l2, const LinearFit* start, bool with_bias, const LinearFit* prior) {
  const torch::AutoGradMode gradients(true);
  if (start == nullptr) start = prior;
  torch::Tensor weight = start != nullptr ? start->weight.clone() : torch::zeros({classes, features.size(1)});
  torch::Tensor bias = start != nullptr ? start->bias.clone() : torch::zeros({classes});
  std::vector<torch::Tensor> parameters = {weight.requires_grad_()};
  if (with_bias) parameters.push_back(bias.requires_grad_());
  torch::optim::LBFGS optimizer(parameters, torch::optim::LBFGSOptions(1)
                                                .max_iter(max_iterations)
                                                .max_eval(2 * max_iterations)
                                                .tolerance_grad(gradient_tolerance)
                                                .history_size(history)
                                                .line_search_fn("strong_wolfe"));
  optimizer.step([&] {
    optimizer.zero_grad();
    const auto logits = torch::linear(features, weight, bias);
    const torch::Tensor change = prior != nullptr ? weight - prior->weight : weight;
    const auto loss = mean_loss(logits, labels) + l2 / 2 * change.square().sum();
    loss.backward();
    return loss;
  });
  return {weight.detach(), bias.detach()};
}

double logistic_loss(const LinearFit& fit, const torch::Tensor& features, const torch::Tensor& labels) {
  const torch::NoGradGuard no_gradients;
  const auto logits = torch::linear(features, fit.weight, fit.bias);
  return mean_loss(logits, labels).item<double>();
}

std::vector<int> stratified_folds(const std::vector<std::int64_t>& labels, int folds, std::uint64_t seed) {
  std::map<std::int64_t, std::vector<std::size_t>> of_class;
  for (std::size_t i = 0; i < labels.size(); ++i) of_class[labels[i]].push_back(i);
  std::vector<int> fold(labels.size());
  // Each class continues at the fold where the previous one ended, so that the folds have equal sizes.
  std::size_t next = 0;
  for (const auto& [label, members] : of_class) {
    const auto order = permutation(static_cast<std::uint32_t>(members.size()),
                                   Random(seed, static_cast<std::uint64_t>(label), 0));
    for (const std::uint32_t i : order)
      fold[members[i]] = static_cast<int>(next++ % static_cast<std::size_t>(folds));
  }
  return fold;
}

}  // namespace graft
