#include "graft/train/compute.h"

namespace graft {

PrecisionChoice resolve_precision(const Recipe& recipe, const Network& network, const torch::Device& device) {
  if (recipe.freeze) return {Precision::fp32, "the backbone is frozen"};
  return choose_precision(recipe.precision, conv_kinds(network), device);
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
