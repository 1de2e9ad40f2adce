#include "graft/infer/inference_model.h"

#include "graft/models/finite.h"

namespace graft {
namespace {

constexpr const char* problem = "the network gives values that are not finite numbers";
constexpr const char* advice = "its weights are too large: use other weights, or train again";

}  // namespace

void check_answers(const InferenceModel& model, const torch::Tensor& answers, const torch::Tensor& images,
                   const RowName& name_of) {
  if (all_finite(answers)) return;
  const torch::NoGradGuard no_gradients;
  const NetworkPtr network = model.plain_network();
  check_tensors(*network);
  const auto row = answers.isfinite().flatten(1).all(1).logical_not().nonzero()[0].item<std::int64_t>();
  const std::string layer = first_layer_not_finite(*network, images.narrow(0, row, 1).to(model.device()));
  // Every layer alone gives finite values: the weights overflow when batch norm is folded into them.
  const std::string from =
      layer.empty() ? " where batch norm is folded into its convolutions" : ", from " + layer + " on";
  throw AnswersNotFinite(name_of ? name_of(row) : "the picture", problem + from, advice);
}

void check_head_answers(const Network& network, const torch::Tensor& logits) {
  if (all_finite(logits)) return;
  check_tensors(network);
  throw AnswersNotFinite(network.head_name(), problem, advice);
}

}  // namespace graft
