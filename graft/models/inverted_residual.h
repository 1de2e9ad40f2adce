// The inverted residual, the block of MobileNetV2 (Sandler et al., arXiv:1801.04381) and its successors: a
// 1×1 convolution that expands the channels, a depthwise one, a 1×1 projection, and a shortcut if input and
// output have the same shape. Later networks put squeeze-and-excitation before the projection. Internal.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graft/models/layers.h"

namespace graft {

struct InvertedResidualOptions {
  std::int64_t in = 0, middle = 0, out = 0;  // channels; without an expansion if middle is in
  std::int64_t kernel = 3, stride = 1;       // of the depthwise convolution
  Activation activation = Activation::relu;  // after the first two convolutions
  SqueezeExciteOptions squeeze = {};         // of `middle` channels; none if `squeezed` is 0
  NormOptions norm = {};
  bool shortcut = true;       // if input and output have the same shape
  double drop_rate = 0;       // of the whole branch (DropPath)
  bool same_padding = false;  // SameConv

  bool expands() const { return middle != in; }
  bool has_shortcut() const { return shortcut && stride == 1 && in == out; }
};

// The names of its layers, which may have dots; empty for layers that a block does not have.
struct ConvNames {
  std::string conv, norm;
};
struct SqueezeNames {
  std::string layer, reduce = "fc1", expand = "fc2";
};
struct InvertedResidualNames {
  ConvNames expand = {}, depthwise = {}, project = {};
  SqueezeNames squeeze = {};
};
// torchvision's: consecutive numbers in `owner`, where each convolution and its norm have the numbers 0 and 1
// ("block.2.0" and "block.2.1").
InvertedResidualNames numbered_names(const std::string& owner, const InvertedResidualOptions& options);

class InvertedResidualImpl : public torch::nn::Module {
 public:
  InvertedResidualImpl(const InvertedResidualOptions& options, const InvertedResidualNames& names);
  torch::Tensor forward(const torch::Tensor& x);  // N×in×H×W → N×out×⌈H/stride⌉×⌈W/stride⌉

 private:
  Activation activation_;
  bool has_shortcut_;
  Conv expand_{nullptr}, depthwise_{nullptr}, project_{nullptr};
  SqueezeExcite squeeze_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(InvertedResidual);

// The block of EfficientNetV2's first stages (arXiv:2104.00298): one k×k convolution, `expand`, in place of
// the expansion and the depthwise one. If the names have no projection it is that convolution alone.
class FusedResidualImpl : public torch::nn::Module {
 public:
  FusedResidualImpl(const InvertedResidualOptions& options, const InvertedResidualNames& names);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  Activation activation_;
  bool has_shortcut_;
  Conv first_{nullptr}, project_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(FusedResidual);

// Blocks of a network that follow each other at one resolution.
struct InvertedResidualStage {
  std::int64_t expand, kernel, stride, out;  // expand: middle / in; stride: of the first block
  int blocks;
};
struct StagedBlock {
  int number, stage, number_in_stage;  // from 0
  InvertedResidualOptions options;
};
// All blocks, in order. in: channels of the input; common: the options that all share, but for drop_rate,
// which rises from 0 at the first block to that of one after the last.
std::vector<StagedBlock> blocks_of(const std::vector<InvertedResidualStage>& stages, std::int64_t in,
                                   const InvertedResidualOptions& common);

// The names of the layers of a network: a convolution, blocks, a convolution, a head.
struct StagedNames {
  ConvNames stem;
  std::string (*block)(const StagedBlock& block);
  InvertedResidualNames (*layers)(const InvertedResidualOptions& block);  // within a block
  ConvNames last;
  std::string head;
};
// Registers a block in the network.
InvertedResidual add_block(torch::nn::Module& network, const StagedNames& names, const StagedBlock& block);
// timm's names.
StagedNames timm_staged_names();
// The names of layers in `from` → those in `to` (ModelSpec::other_names).
std::map<std::string, std::string> renames(const std::vector<StagedBlock>& blocks, const StagedNames& from,
                                           const StagedNames& to);

// The multiple of 8 that scaled networks have in place of `channels`: the nearest, or the next if that is
// more than a tenth below; at least 8.
std::int64_t multiple_of_8(double channels);

}  // namespace graft
