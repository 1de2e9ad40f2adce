// Swin transformers (Liu et al., arXiv:2103.14030) and their second version (arXiv:2111.09883). Parameter
// names, order and initialisation are those of torchvision.models.swin_transformer. Between the layers the
// tensors are N×H×W×C.
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

enum class SwinVersion { v1, v2 };

struct SwinShape {
  SwinVersion version = SwinVersion::v1;
  std::int64_t window = 7;         // tokens of a side
  std::array<int, 4> depths = {};  // blocks of each stage
  std::int64_t width = 96;         // channels of the first stage; each later stage has twice as many
  double drop_path = 0;            // stochastic depth of the last block
};

constexpr std::int64_t swin_head_width = 32;

// Rows and columns of each offset within a window, log-spaced: (side − 1) becomes log₂(9) / 3.
torch::Tensor log_offsets(std::int64_t side) {
  const auto last = static_cast<double>(side - 1);
  const torch::Tensor offset = torch::arange(1 - side, side, torch::kFloat32) / last * 8;
  const torch::Tensor spaced = offset.sign() * (offset.abs() + 1).log2() / 3;
  return torch::stack(torch::meshgrid({spaced, spaced}, "ij"), -1).unsqueeze(0);
}

// Attention of the second version: by the cosine of queries and keys, with a learned scale for each head, and
// biases that a perceptron computes from the offsets. Keys have no bias.
class CosineAttentionImpl : public WindowAttentionImpl {
 public:
  CosineAttentionImpl(std::int64_t dim, std::int64_t heads, std::int64_t side)
      : WindowAttentionImpl({.dim = dim, .heads = heads, .scale = 1}, {side, log_offsets(side)}) {
    constexpr std::int64_t hidden = 512;
    logit_scale_ = register_parameter("logit_scale", torch::full({heads, 1, 1}, std::log(10.0)));
    hidden_ = add_layer(*this, "cpb_mlp.0", Dense(2, hidden));
    biases_ = add_layer(*this, "cpb_mlp.2", Dense(hidden, heads, /*bias=*/false));
  }

 protected:
  torch::Tensor offset_biases() override {
    return biases_(hidden_(coordinates().flatten(0, 2), Activation::relu)).sigmoid() * 16;
  }

  Heads heads_of(const torch::Tensor& tokens) override {
    const auto parts = qkv()->bias.chunk(3);
    const torch::Tensor bias = torch::cat({parts[0], torch::zeros_like(parts[1]), parts[2]});
    const Heads heads = split(torch::linear(tokens, qkv()->weight, bias));
    const auto direction = [](const torch::Tensor& x) {
      return x / x.norm(2, {-1}, /*keepdim=*/true).clamp_min(1e-12);
    };
    const torch::Tensor scale = logit_scale_.clamp_max(std::log(100.0)).exp();
    return {direction(heads.queries) * scale, direction(heads.keys), heads.values};
  }

 private:
  torch::Tensor logit_scale_;  // heads×1×1
  Dense hidden_{nullptr}, biases_{nullptr};
};

WindowAttention swin_attention(const SwinShape& shape, std::int64_t dim) {
  const std::int64_t heads = dim / swin_head_width;
  if (shape.version == SwinVersion::v1)
    return WindowAttention(AttentionOptions{.dim = dim, .heads = heads}, WindowOptions{shape.window});
  return WindowAttention(std::static_pointer_cast<WindowAttentionImpl>(
      std::make_shared<CosineAttentionImpl>(dim, heads, shape.window)));
}

// With zeros below and to the right.
torch::Tensor padded(const torch::Tensor& x, std::int64_t rows, std::int64_t columns) {
  return rows == 0 && columns == 0 ? x : torch::constant_pad_nd(x, {0, 0, 0, columns, 0, rows});
}

// W×T×T for the windows of an image that was rolled by `shift` rows and columns: -100 for pairs of tokens
// from different sides of the seam.
torch::Tensor seam_mask(const torch::Tensor& x, std::int64_t window, std::array<std::int64_t, 2> shift) {
  const auto parts = [&](std::int64_t size, std::int64_t rolled) {
    const torch::Tensor place = torch::arange(size, x.options().dtype(torch::kInt64));
    return (place >= size - window).to(torch::kInt64) + (place >= size - rolled);
  };
  const torch::Tensor part = 3 * parts(x.size(1), shift[0]).unsqueeze(1) + parts(x.size(2), shift[1]);
  const torch::Tensor of = to_windows(part.view({1, x.size(1), x.size(2), 1}), window, window);
  return of.ne(of.transpose(1, 2)).to(x.scalar_type()) * -100;
}

// Attention within windows and a perceptron, each with a layer norm (before it in the first version, after it
// in the second) and a shortcut.
class SwinBlockImpl : public torch::nn::Module {
 public:
  // shifted: the windows begin half a window later.
  SwinBlockImpl(const SwinShape& shape, std::int64_t dim, bool shifted, double drop_rate)
      : version_(shape.version), window_(shape.window), shift_(shifted ? shape.window / 2 : 0) {
    norm1_ = register_module("norm1", layer_norm(dim));
    attention_ = register_module("attn", swin_attention(shape, dim));
    norm2_ = register_module("norm2", layer_norm(dim));
    mlp_ =
        register_module("mlp", Mlp(MlpOptions{.dim = dim, .hidden = 4 * dim, .first = "0", .second = "3"}));
    drop_path_ = register_module("drop_path", DropPath(drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const bool first = version_ == SwinVersion::v1;
    const torch::Tensor x = input + drop_path_(first ? attend(norm1_(input)) : norm1_(attend(input)));
    return x + drop_path_(first ? mlp_(norm2_(x)) : norm2_(mlp_(x)));
  }

 private:
  torch::Tensor attend(const torch::Tensor& input) {
    const std::int64_t rows = input.size(1), columns = input.size(2);
    torch::Tensor x = padded(input, missing(rows), missing(columns));
    const std::int64_t height = x.size(1), width = x.size(2);
    // A single window needs no shift.
    const std::array<std::int64_t, 2> shift = {height > window_ ? shift_ : 0, width > window_ ? shift_ : 0};
    const bool shifts = shift[0] + shift[1] > 0;
    if (shifts) x = x.roll({-shift[0], -shift[1]}, {1, 2});
    const torch::Tensor mask = shifts ? seam_mask(x, window_, shift) : torch::Tensor();
    x = from_windows(attention_(to_windows(x, window_, window_), mask), window_, window_, height, width);
    if (shifts) x = x.roll({shift[0], shift[1]}, {1, 2});
    return x.narrow(1, 0, rows).narrow(2, 0, columns);
  }

  // To the next multiple of the window.
  std::int64_t missing(std::int64_t size) const { return (window_ - size % window_) % window_; }

  SwinVersion version_;
  std::int64_t window_, shift_;
  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
  WindowAttention attention_{nullptr};
  Mlp mlp_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(SwinBlock);

// Joins each 2×2 positions to one of twice as many channels.
class PatchMergingImpl : public torch::nn::Module {
 public:
  PatchMergingImpl(SwinVersion version, std::int64_t dim) : version_(version) {
    reduction_ = register_module("reduction", Dense(4 * dim, 2 * dim, /*bias=*/false));
    norm_ = register_module("norm", layer_norm(version == SwinVersion::v1 ? 4 * dim : 2 * dim));
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor x = padded(input, input.size(1) % 2, input.size(2) % 2);
    const std::int64_t rows = x.size(1) / 2, columns = x.size(2) / 2;
    // The four positions column by column.
    const torch::Tensor joined = x.reshape({x.size(0), rows, 2, columns, 2, x.size(3)})
                                     .permute({0, 1, 3, 4, 2, 5})
                                     .reshape({x.size(0), rows, columns, 4 * x.size(3)});
    return version_ == SwinVersion::v1 ? reduction_(norm_(joined)) : norm_(reduction_(joined));
  }

 private:
  SwinVersion version_;
  Dense reduction_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(PatchMerging);

class SwinTransformer : public Network {
 public:
  SwinTransformer(const SwinShape& shape, std::int64_t classes) : Network("SwinTransformer"), shape_(shape) {
    patches_ = add_layer(*this, "features.0.0", patch_conv(3, shape.width, patch));
    patch_norm_ = add_layer(*this, "features.0.2", layer_norm(shape.width));
    int blocks = -1;  // less one
    for (const int depth : shape.depths) blocks += depth;
    std::int64_t dim = shape.width;
    int number = 0;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (i > 0) {
        stages_[i].merging =
            add_layer(*this, "features." + std::to_string(2 * i), PatchMerging(shape.version, dim));
        dim *= 2;
      }
      const std::string name = "features." + std::to_string(2 * i + 1) + ".";
      for (int block = 0; block < shape.depths[i]; ++block, ++number) {
        stages_[i].blocks.push_back(
            add_layer(*this, name + std::to_string(block),
                      SwinBlock(shape, dim, block % 2 == 1, shape.drop_path * number / blocks)));
      }
    }
    norm_ = register_module("norm", layer_norm(dim));
    add_head("head", dim, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, patch);
    torch::Tensor x = patch_norm_(patches_(images).permute({0, 2, 3, 1}));
    for (Stage& stage : stages_) {
      if (stage.merging) x = stage.merging(x);
      for (SwinBlock& block : stage.blocks) x = block(x);
    }
    return norm_(x).permute({0, 3, 1, 2});
  }

  FeatureInfo feature_info() const override { return {.dim = head()->weight.size(1), .reduction = 32}; }

  // What defines the relative positions.
  std::set<std::string> no_weight_decay() const override {
    std::set<std::string> names;
    for (const auto& item : named_parameters()) {
      for (const char* part : {"relative_position_bias_table", "logit_scale", "cpb_mlp"}) {
        if (item.key().find(part) != std::string::npos) names.insert(item.key());
      }
    }
    return names;
  }

  void init() {
    constexpr double deviation = 0.02;
    init_normal(*this, deviation);
    init_by_fan_in(*patches_);
    for (const auto& item : named_parameters()) {
      if (item.key().ends_with("relative_position_bias_table"))
        torch::nn::init::normal_(item.value(), 0, deviation);
    }
  }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<SwinTransformer>(shape_, head()->weight.size(0));
  }

 private:
  static constexpr std::int64_t patch = 4;
  struct Stage {
    PatchMerging merging{nullptr};  // null in the first stage
    std::vector<SwinBlock> blocks;
  };

  SwinShape shape_;
  Conv patches_{nullptr};
  torch::nn::LayerNorm patch_norm_{nullptr}, norm_{nullptr};
  std::array<Stage, 4> stages_;
};

ModelSpec swin(const std::string& name, std::int64_t parameters, const SwinShape& shape) {
  return torchvision_model(name, "swin", parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<SwinTransformer>(shape, o.classes);
    if (o.init == Init::random) network->init();
    return network;
  });
}

}  // namespace

std::vector<ModelSpec> swin_models() {
  constexpr SwinVersion v1 = SwinVersion::v1, v2 = SwinVersion::v2;
  return {
      swin("swin_t", 28'288'354, {v1, 7, {2, 2, 6, 2}, 96, 0.2}),
      swin("swin_s", 49'606'258, {v1, 7, {2, 2, 18, 2}, 96, 0.3}),
      swin("swin_b", 87'768'224, {v1, 7, {2, 2, 18, 2}, 128, 0.5}),
      swin("swin_v2_t", 28'351'570, {v2, 8, {2, 2, 6, 2}, 96, 0.2}),
      swin("swin_v2_s", 49'737'442, {v2, 8, {2, 2, 18, 2}, 96, 0.3}),
      swin("swin_v2_b", 87'930'848, {v2, 8, {2, 2, 18, 2}, 128, 0.5}),
  };
}

}  // namespace graft
