#include "graft/train/compute.h"

#include <exception>

#include "graft/core/error.h"

namespace graft {
namespace {

// A processor may have what training takes, and lack the operators of a validation, which comes much later.
bool validates_in_bf16(const Network& network, const torch::Device& device) {
  constexpr std::int64_t side = 64;  // as small as every network takes
  const torch::NoGradGuard no_gradients;
  try {
    const torch::Tensor images = torch::zeros({1, 3, side, side}, device);
    const NetworkPtr folded = network.copy_to(device);
    fold_batch_norm(*folded, Precision::bf16, images);
    folded->features(images).cpu();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

PrecisionChoice resolve_precision(const Recipe& recipe, const Network& network, const torch::Device& device) {
  if (recipe.freeze) return {Precision::fp32, "the backbone is frozen"};
  PrecisionChoice choice = choose_precision(recipe.precision, conv_kinds(network), device);
  if (choice.precision == Precision::fp32 || validates_in_bf16(network, device)) return choice;
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
