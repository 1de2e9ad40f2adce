#include "graft/train/compute.h"

#include <exception>

#include "graft/core/error.h"
#include "graft/infer/inference_model.h"

namespace graft {
namespace {

// A processor may support the operators of training but not those of validation, which comes much later.
bool validates_in_bf16(const Model& model, const torch::Device& device) {
  try {
    const std::int64_t side = model.preprocess.crop;
    const InferenceModel ready = InferenceModel::compile(model, device, Precision::bf16);
    ready.logits(torch::zeros({1, 3, side, side})).cpu();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

PrecisionChoice resolve_precision(const Recipe& recipe, const Model& model, const torch::Device& device) {
  if (recipe.freeze) return {Precision::fp32, "the backbone is frozen"};
  PrecisionChoice choice = choose_precision(recipe.precision, model.network->op_kinds(), device);
  if (choice.precision == Precision::fp32 || validates_in_bf16(model, device)) return choice;
  if (recipe.precision == Precision::bf16)
    throw Error("`precision` bf16", "bfloat16 is missing in validation on this machine with this libtorch",
                "use `precision` fp32");
  return {Precision::fp32, "bf16 is missing in validation"};
}

bool backbone_is_held(const Recipe& recipe) { return recipe.freeze && recipe.frozen_bn == FrozenBn::eval; }

void lay_out(Network& network, BatchLayout layout) {
  const auto format = layout == BatchLayout::channels_last ? torch::MemoryFormat::ChannelsLast
                                                           : torch::MemoryFormat::Contiguous;
  for (torch::Tensor& parameter : network.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.detach().contiguous(format));
  }
}

}  // namespace graft
