#include "graft/models/inverted_residual.h"

#include <algorithm>

namespace graft {

InvertedResidualNames numbered_names(const std::string& owner, const InvertedResidualOptions& options) {
  int number = 0;
  const auto next = [&] { return owner + "." + std::to_string(number++); };
  const auto next_pair = [&] {
    const std::string name = next();
    return ConvNames{name + ".0", name + ".1"};
  };
  InvertedResidualNames names;
  if (options.expands()) names.expand = next_pair();
  names.depthwise = next_pair();
  if (options.squeeze.squeezed > 0) names.squeeze = {next()};
  names.project = next_pair();
  return names;
}

InvertedResidualImpl::InvertedResidualImpl(const InvertedResidualOptions& o,
                                           const InvertedResidualNames& names)
    : activation_(o.activation), has_shortcut_(o.has_shortcut()) {
  const auto add = [&](const ConvNames& name, const ConvOptions& options) {
    return add_conv(*this, name.conv, make_conv(options, o.same_padding), name.norm, o.norm);
  };
  if (o.expands()) expand_ = add(names.expand, {.in = o.in, .out = o.middle});
  depthwise_ =
      add(names.depthwise,
          {.in = o.middle, .out = o.middle, .kernel = o.kernel, .stride = o.stride, .groups = o.middle});
  if (o.squeeze.squeezed > 0) {
    SqueezeExciteOptions options = o.squeeze;
    options.channels = o.middle;
    options.reduce = names.squeeze.reduce;
    options.expand = names.squeeze.expand;
    squeeze_ = add_layer(*this, names.squeeze.layer, SqueezeExcite(options));
  }
  project_ = add(names.project, {.in = o.middle, .out = o.out});
  drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
}

torch::Tensor InvertedResidualImpl::forward(const torch::Tensor& x) {
  torch::Tensor y = expand_ ? expand_(x, activation_) : x;
  y = depthwise_(y, activation_);
  if (squeeze_) y = squeeze_(y);
  if (!has_shortcut_) return project_(y);
  return drop_path_->drops() ? drop_path_->add(x, project_(y)) : project_(y, Activation::none, x);
}

FusedResidualImpl::FusedResidualImpl(const InvertedResidualOptions& o, const InvertedResidualNames& names)
    : activation_(o.activation), has_shortcut_(o.has_shortcut()) {
  const auto add = [&](const ConvNames& name, const ConvOptions& options) {
    return add_conv(*this, name.conv, make_conv(options, o.same_padding), name.norm, o.norm);
  };
  const bool projects = !names.project.conv.empty();
  first_ = add(names.expand,
               {.in = o.in, .out = projects ? o.middle : o.out, .kernel = o.kernel, .stride = o.stride});
  if (projects) project_ = add(names.project, {.in = o.middle, .out = o.out});
  drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
}

torch::Tensor FusedResidualImpl::forward(const torch::Tensor& x) {
  const torch::Tensor y = first_(x, activation_);
  if (!has_shortcut_) return project_ ? project_(y) : y;
  if (project_ && !drop_path_->drops()) return project_(y, Activation::none, x);
  return drop_path_->add(x, project_ ? project_(y) : y);
}

std::vector<StagedBlock> blocks_of(const std::vector<InvertedResidualStage>& stages, std::int64_t in,
                                   const InvertedResidualOptions& common) {
  std::vector<StagedBlock> blocks;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const InvertedResidualStage& each = stages[stage];
    for (int i = 0; i < each.blocks; ++i) {
      InvertedResidualOptions options = common;
      options.in = in;
      options.middle = in * each.expand;
      options.out = each.out;
      options.kernel = each.kernel;
      options.stride = i == 0 ? each.stride : 1;
      blocks.push_back({static_cast<int>(blocks.size()), static_cast<int>(stage), i, options});
      in = each.out;
    }
  }
  for (StagedBlock& block : blocks)
    block.options.drop_rate = common.drop_rate * block.number / static_cast<double>(blocks.size());
  return blocks;
}

InvertedResidual add_block(torch::nn::Module& network, const StagedNames& names, const StagedBlock& block) {
  return add_layer(network, names.block(block), InvertedResidual(block.options, names.layers(block.options)));
}

StagedNames timm_staged_names() {
  return {.stem = {"conv_stem", "bn1"},
          .block =
              [](const StagedBlock& block) {
                return "blocks." + std::to_string(block.stage) + "." + std::to_string(block.number_in_stage);
              },
          .layers =
              [](const InvertedResidualOptions& block) {
                const SqueezeNames squeeze = {"se", "conv_reduce", "conv_expand"};
                return block.expands()
                           ? InvertedResidualNames{{"conv_pw", "bn1"},
                                                   {"conv_dw", "bn2"},
                                                   {"conv_pwl", "bn3"},
                                                   squeeze}
                           : InvertedResidualNames{{}, {"conv_dw", "bn1"}, {"conv_pw", "bn2"}, squeeze};
              },
          .last = {"conv_head", "bn2"},
          .head = "classifier"};
}

std::map<std::string, std::string> renames(const std::vector<StagedBlock>& blocks, const StagedNames& from,
                                           const StagedNames& to) {
  std::map<std::string, std::string> names = {{from.head, to.head}};
  std::string from_block, to_block;  // with a dot
  const auto add = [&](const ConvNames& theirs, const ConvNames& ours) {
    names[from_block + theirs.conv] = to_block + ours.conv;
    names[from_block + theirs.norm] = to_block + ours.norm;
  };
  add(from.stem, to.stem);
  add(from.last, to.last);
  for (const StagedBlock& block : blocks) {
    const InvertedResidualNames theirs = from.layers(block.options), ours = to.layers(block.options);
    from_block = from.block(block) + ".";
    to_block = to.block(block) + ".";
    if (block.options.expands()) add(theirs.expand, ours.expand);
    add(theirs.depthwise, ours.depthwise);
    add(theirs.project, ours.project);
    if (block.options.squeeze.squeezed == 0) continue;
    from_block += theirs.squeeze.layer + ".";
    to_block += ours.squeeze.layer + ".";
    names[from_block + theirs.squeeze.reduce] = to_block + ours.squeeze.reduce;
    names[from_block + theirs.squeeze.expand] = to_block + ours.squeeze.expand;
  }
  return names;
}

std::int64_t multiple_of_8(double channels) {
  const auto nearest = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(nearest) < 0.9 * channels ? nearest + 8 : nearest;
}

}  // namespace graft
