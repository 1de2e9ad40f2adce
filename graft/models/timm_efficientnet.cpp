// timm's EfficientNets (Tan and Le, arXiv:1905.11946), EfficientNetV2 (arXiv:2104.00298), MobileNetV3 (Howard
// et al., arXiv:1905.02244) and MobileNetV4 (Qin et al., arXiv:2404.10518). Parameter names, order and
// initialisation are those of timm.models.efficientnet and timm.models.mobilenetv3, whose networks are
// described by the same strings. Those with "tf_" are TensorFlow's: "SAME" padding and an epsilon of 1e-3.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/text.h"
#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

// Squeeze-and-excitation has a quarter of the channels of the block's input, or of the expanded ones, rounded
// to a multiple of 8 or not.
enum class SqueezeWidth { of_input, of_middle, of_middle_rounded };

struct TimmMobileShape {
  // The blocks of each stage, separated by spaces: timm's block strings (TextBlock).
  std::vector<std::string> stages;
  double width = 1, depth = 1;  // multiply the channels, and the blocks of a stage
  bool rounds_up = true;        // channels, where the nearest multiple of 8 is more than a tenth below
  std::int64_t stem = 32;       // channels, which `width` multiplies
  std::int64_t last = 1280;     // outputs of the last convolution
  Activation activation = Activation::silu;
  SqueezeExciteOptions squeeze = {.activation = Activation::none};  // none: that of the block
  SqueezeWidth squeeze_width = SqueezeWidth::of_input;
  bool pools_first = false;  // the last convolution sees the mean of the positions, as in MobileNetV3
  bool last_norm = true, last_bias = false;
  double layer_scale = 0;  // the initial value of the scales in MobileNetV4's blocks; 0: none
  double dropout = 0, drop_rate = 0;
  bool same_padding = false;
  double eps = 1e-5;

  std::int64_t scaled(std::int64_t channels) const {
    const double wanted = static_cast<double>(channels) * width;
    return rounds_up ? multiple_of_8(wanted) : static_cast<std::int64_t>(wanted + 4) / 8 * 8;
  }
  NormOptions norm() const { return {.eps = eps}; }
};

// One of timm's block strings, "ir_r2_k3_s2_e6_c24_se0.25_nre": the kind, then numbers after their letters
// (r: repeats, k: kernel, s: stride, e: expansion, c: channels, se: squeeze-and-excitation, a: kernel before
// the expansion, h: heads, d: channels of a head, v: stride of keys and values, fc: channels that are
// expanded in place of the input's), "nre" for ReLU, and whether there is a shortcut.
//
// ds: inverted residual without an expansion; ir: with one; er: FusedResidual; cn: a convolution; uir:
// UniversalResidual; mqa: QueryAttention.
struct TextBlock {
  std::string kind;
  std::map<std::string, double> numbers;
  bool relu = false, skip = false, noskip = false;

  std::int64_t number(const std::string& key, std::int64_t otherwise = 0) const {
    const auto found = numbers.find(key);
    return found == numbers.end() ? otherwise : static_cast<std::int64_t>(found->second);
  }
};

TextBlock parse_block(const std::string& text) {
  std::vector<std::string> parts = split(text, '_');
  TextBlock block{.kind = parts.front()};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t letters = parts[i].find_first_of("0123456789");
    if (letters != std::string::npos)
      block.numbers[parts[i].substr(0, letters)] = std::strtod(parts[i].c_str() + letters, nullptr);
    block.relu = block.relu || parts[i] == "nre";
    block.skip = block.skip || parts[i] == "skip";
    block.noskip = block.noskip || parts[i] == "noskip";
  }
  return block;
}

// The blocks of a stage, scaled as a whole.
std::vector<TextBlock> stage_blocks(const std::string& stage, double depth) {
  std::vector<TextBlock> definitions;
  double total = 0;
  for (const std::string& text : split(stage, ' ')) {
    definitions.push_back(parse_block(text));
    total += static_cast<double>(definitions.back().number("r"));
  }
  double scaled = std::ceil(total * depth);
  std::vector<TextBlock> blocks;
  for (auto each = definitions.rbegin(); each != definitions.rend(); ++each) {
    const auto repeats = static_cast<double>(each->number("r"));
    const double share = std::max(1.0, std::nearbyint(repeats / total * scaled));
    blocks.insert(blocks.begin(), static_cast<std::size_t>(share), *each);
    total -= repeats;
    scaled -= share;
  }
  return blocks;
}

struct MobileBlock {
  std::string name;  // "blocks.2.0"
  TextBlock text;
  InvertedResidualOptions options;
  double layer_scale;
};

std::vector<MobileBlock> mobile_blocks(const TimmMobileShape& shape) {
  std::vector<MobileBlock> blocks;
  std::int64_t in = shape.scaled(shape.stem);
  for (std::size_t stage = 0; stage < shape.stages.size(); ++stage) {
    int number = 0;
    for (const TextBlock& text : stage_blocks(shape.stages[stage], shape.depth)) {
      InvertedResidualOptions o{.in = in,
                                .out = shape.scaled(text.number("c")),
                                .kernel = text.number("k"),
                                .stride = number == 0 ? text.number("s") : 1,
                                .activation = text.relu ? Activation::relu : shape.activation,
                                .squeeze = shape.squeeze,
                                .norm = shape.norm(),
                                .shortcut = text.kind == "cn" ? text.skip : !text.noskip,
                                .same_padding = shape.same_padding};
      const std::int64_t expanded = text.number("fc") > 0 ? shape.scaled(text.number("fc")) : in;
      const auto ratio = text.numbers.find("e");
      o.middle = ratio == text.numbers.end() || text.kind == "ds"
                     ? in
                     : multiple_of_8(static_cast<double>(expanded) * ratio->second);
      if (text.numbers.contains("se")) {
        const std::int64_t quarter = (shape.squeeze_width == SqueezeWidth::of_input ? in : o.middle) / 4;
        o.squeeze.squeezed = shape.squeeze_width == SqueezeWidth::of_middle_rounded
                                 ? multiple_of_8(static_cast<double>(quarter))
                                 : quarter;
      }
      if (o.squeeze.activation == Activation::none) o.squeeze.activation = o.activation;
      blocks.push_back(
          {"blocks." + std::to_string(stage) + "." + std::to_string(number++), text, o, shape.layer_scale});
      in = o.out;
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].options.drop_rate =
        shape.drop_rate * static_cast<double>(i) / static_cast<double>(blocks.size());
  return blocks;
}

// A scale for each channel of N×C×H×W, registered as `layer_scale`; empty without.
LayerScale add_scale(torch::nn::Module& owner, const MobileBlock& block) {
  return block.layer_scale == 0 ? LayerScale(nullptr)
                                : owner.register_module("layer_scale", LayerScale(block.options.out));
}
torch::Tensor scale_channels(LayerScale& scale, const torch::Tensor& x) {
  return scale ? x * scale->gamma.view({-1, 1, 1}) : x;
}

// MobileNetV4's universal inverted residual: an inverted residual with an optional depthwise convolution
// before the expansion, and an optional one after it.
class UniversalResidualImpl : public torch::nn::Module {
 public:
  explicit UniversalResidualImpl(const MobileBlock& block)
      : activation_(block.options.activation), has_shortcut_(block.options.has_shortcut()) {
    const InvertedResidualOptions& o = block.options;
    const auto add = [&](const std::string& name, const ConvOptions& options) {
      return add_conv(*this, name + ".conv", make_conv(options, o.same_padding), name + ".bn", o.norm);
    };
    const std::int64_t before = block.text.number("a");
    if (before > 0)
      before_ = add(
          "dw_start",
          {.in = o.in, .out = o.in, .kernel = before, .stride = o.kernel > 0 ? 1 : o.stride, .groups = o.in});
    expand_ = add("pw_exp", {.in = o.in, .out = o.middle});
    if (o.kernel > 0)
      depthwise_ =
          add("dw_mid",
              {.in = o.middle, .out = o.middle, .kernel = o.kernel, .stride = o.stride, .groups = o.middle});
    project_ = add("pw_proj", {.in = o.middle, .out = o.out});
    scale_ = add_scale(*this, block);
    drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = expand_(before_ ? before_(x) : x, activation_);
    if (depthwise_) y = depthwise_(y, activation_);
    if (has_shortcut_ && !scale_ && !drop_path_->drops()) return project_(y, Activation::none, x);
    y = scale_channels(scale_, project_(y));
    return has_shortcut_ ? drop_path_->add(x, y) : y;
  }

 private:
  Activation activation_;
  bool has_shortcut_;
  Conv before_{nullptr}, expand_{nullptr}, depthwise_{nullptr}, project_{nullptr};
  LayerScale scale_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(UniversalResidual);

// MobileNetV4's attention, whose heads share keys and values (multi-query; Shazeer, arXiv:1911.02150). Keys
// and values may be of a coarser grid than the queries.
class QueryAttentionImpl : public torch::nn::Module {
 public:
  explicit QueryAttentionImpl(const MobileBlock& block)
      : heads_(block.text.number("h")), has_shortcut_(block.options.has_shortcut()) {
    const InvertedResidualOptions& o = block.options;
    const std::int64_t width = block.text.number("d"), stride = block.text.number("v", 1);
    norm_ =
        register_module("norm", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(o.in).eps(o.norm.eps)));
    const auto project = [&](const std::string& name, std::int64_t in, std::int64_t out) {
      return add_layer(*this, "attn." + name + ".proj", Conv(ConvOptions{.in = in, .out = out}));
    };
    const auto reduce = [&](const std::string& name) {
      if (stride == 1) return Conv(nullptr);
      const ConvOptions options{
          .in = o.in, .out = o.in, .kernel = o.kernel, .stride = stride, .groups = o.in};
      return add_conv(*this, "attn." + name + ".down_conv", make_conv(options, o.same_padding),
                      "attn." + name + ".norm", o.norm);
    };
    query_ = project("query", o.in, heads_ * width);
    reduce_key_ = reduce("key");
    key_ = project("key", o.in, width);
    reduce_value_ = reduce("value");
    value_ = project("value", o.in, width);
    output_ = project("output", heads_ * width, o.out);
    scale_ = add_scale(*this, block);
    drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = norm_(x);
    const std::int64_t n = x.size(0), places = x.size(2) * x.size(3);
    // As one head with the queries of all.
    const torch::Tensor queries = query_(y).reshape({n, heads_, -1, places}).transpose(2, 3);
    const std::int64_t width = queries.size(3);
    const auto single = [](const torch::Tensor& maps) { return tokens_of(maps).unsqueeze(1); };
    const torch::Tensor keys = single(key_(reduce_key_ ? reduce_key_(y) : y));
    const torch::Tensor values = single(value_(reduce_value_ ? reduce_value_(y) : y));
    const torch::Tensor mixed =
        torch::scaled_dot_product_attention(queries.reshape({n, 1, heads_ * places, width}), keys, values);
    const torch::Tensor maps =
        mixed.view({n, heads_, places, width}).transpose(2, 3).reshape({n, -1, x.size(2), x.size(3)});
    const torch::Tensor out = scale_channels(scale_, output_(maps));
    return has_shortcut_ ? drop_path_->add(x, out) : out;
  }

  void init() {
    for (const Conv& conv : {query_, reduce_key_, key_, reduce_value_, value_, output_}) {
      if (conv) torch::nn::init::xavier_uniform_(conv->weight);
    }
  }

 private:
  std::int64_t heads_;
  bool has_shortcut_;
  torch::nn::BatchNorm2d norm_{nullptr};
  Conv query_{nullptr}, reduce_key_{nullptr}, key_{nullptr}, reduce_value_{nullptr}, value_{nullptr},
      output_{nullptr};
  LayerScale scale_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(QueryAttention);

class TimmMobile : public Network {
 public:
  TimmMobile(TimmMobileShape shape, std::int64_t classes) : shape_(std::move(shape)) {
    const auto blocks = mobile_blocks(shape_);
    stem_ = add({"conv_stem", "bn1"}, {.in = 3, .out = blocks.front().options.in, .kernel = 3, .stride = 2});
    for (const MobileBlock& block : blocks) add_mobile_block(block);
    dim_ = blocks.back().options.out;
    const ConvOptions last = {.in = dim_, .out = shape_.last, .bias = shape_.last_bias};
    if (!shape_.pools_first) {
      last_ = add({"conv_head", "bn2"}, last);
    } else if (shape_.last_norm) {
      last_ = add({"conv_head", "norm_head"}, last);
    } else {
      last_ = add_layer(*this, "conv_head", Conv(last));
    }
    add_head("classifier", shape_.last, classes, shape_.dropout);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    const torch::Tensor x = blocks_->forward(stem_(images, shape_.activation));
    return shape_.pools_first ? x : last_(x, shape_.activation);
  }

  FeatureInfo feature_info() const override {
    return {.dim = shape_.pools_first ? dim_ : shape_.last, .reduction = 32};
  }
  std::set<OpKind> op_kinds() const override {
    std::set<OpKind> kinds = Network::op_kinds();
    for (const auto& module : modules()) {
      if (module->as<QueryAttentionImpl>() != nullptr) kinds.insert(OpKind::attention);
    }
    return kinds;
  }

  // timm's _init_weight_goog.
  void init() {
    const torch::NoGradGuard no_gradients;
    init_by_group_fan_out(*this);
    for (const auto& module : modules()) {
      if (auto* scale = module->as<LayerScaleImpl>()) scale->gamma.fill_(shape_.layer_scale);
      if (auto* attention = module->as<QueryAttentionImpl>()) attention->init();
    }
    const double bound = 1 / std::sqrt(static_cast<double>(head()->weight.size(0)));
    head()->weight.uniform_(-bound, bound);
    head()->bias.zero_();
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    if (!shape_.pools_first) return Network::pool(features);
    return last_(features.mean({2, 3}, /*keepdim=*/true), shape_.activation).flatten(1);
  }

  NetworkPtr make_alike() const override {
    return std::make_shared<TimmMobile>(shape_, head()->weight.size(0));
  }

 private:
  Conv add(const ConvNames& name, const ConvOptions& options) {
    return add_conv(*this, name.conv, make_conv(options, shape_.same_padding), name.norm, shape_.norm());
  }

  void add_mobile_block(const MobileBlock& block) {
    const std::string& kind = block.text.kind;
    if (kind == "er") {
      const InvertedResidualNames names = {.expand = {"conv_exp", "bn1"}, .project = {"conv_pwl", "bn2"}};
      blocks_->push_back(add_layer(*this, block.name, FusedResidual(block.options, names)));
    } else if (kind == "cn") {
      const InvertedResidualNames names = {.expand = {"conv", "bn1"}};
      blocks_->push_back(add_layer(*this, block.name, FusedResidual(block.options, names)));
    } else if (kind == "uir") {
      blocks_->push_back(add_layer(*this, block.name, UniversalResidual(block)));
    } else if (kind == "mqa") {
      blocks_->push_back(add_layer(*this, block.name, QueryAttention(block)));
    } else {
      const InvertedResidualNames names = timm_staged_names().layers(block.options);
      blocks_->push_back(add_layer(*this, block.name, InvertedResidual(block.options, names)));
    }
  }

  TimmMobileShape shape_;
  std::int64_t dim_ = 0;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

// With a last convolution that `width` multiplies too.
TimmMobileShape scaled_series(std::vector<std::string> stages, double width, double depth, double dropout,
                              bool rounds_up = true) {
  TimmMobileShape shape{.stages = std::move(stages),
                        .width = width,
                        .depth = depth,
                        .rounds_up = rounds_up,
                        .dropout = dropout,
                        .drop_rate = 0.2};
  shape.last = shape.scaled(shape.last);
  return shape;
}

TimmMobileShape b_series(double width, double depth, double dropout) {
  return scaled_series({"ds_r1_k3_s1_e1_c16_se0.25", "ir_r2_k3_s2_e6_c24_se0.25", "ir_r2_k5_s2_e6_c40_se0.25",
                        "ir_r3_k3_s2_e6_c80_se0.25", "ir_r3_k5_s1_e6_c112_se0.25",
                        "ir_r4_k5_s2_e6_c192_se0.25", "ir_r1_k3_s1_e6_c320_se0.25"},
                       width, depth, dropout);
}

TimmMobileShape edge_series(double width, double depth, double dropout) {
  TimmMobileShape shape =
      scaled_series({"er_r1_k3_s1_e4_c24_fc24_noskip", "er_r2_k3_s2_e8_c32", "er_r4_k3_s2_e8_c48",
                     "ir_r5_k5_s2_e8_c96", "ir_r4_k5_s1_e8_c144", "ir_r2_k5_s2_e8_c192"},
                    width, depth, dropout);
  shape.activation = Activation::relu;
  return shape;
}

TimmMobileShape v2_b_series(double width, double depth, double dropout) {
  return scaled_series(
      {"cn_r1_k3_s1_e1_c16_skip", "er_r2_k3_s2_e4_c32", "er_r2_k3_s2_e4_c48", "ir_r3_k3_s2_e4_c96_se0.25",
       "ir_r5_k3_s1_e6_c112_se0.25", "ir_r8_k3_s2_e6_c192_se0.25"},
      width, depth, dropout, /*rounds_up=*/false);
}

TimmMobileShape v2_series(std::vector<std::string> stages, std::int64_t stem, double dropout) {
  return {.stages = std::move(stages), .stem = stem, .dropout = dropout, .drop_rate = 0.2};
}

std::vector<std::string> v2_s_stages() {
  return {"cn_r2_k3_s1_e1_c24_skip",    "er_r4_k3_s2_e4_c48",         "er_r4_k3_s2_e4_c64",
          "ir_r6_k3_s2_e4_c128_se0.25", "ir_r9_k3_s1_e6_c160_se0.25", "ir_r15_k3_s2_e6_c256_se0.25"};
}

// timm's first V2, from a figure of the paper.
TimmMobileShape v2_rw(double width, std::vector<std::string> stages, double dropout) {
  TimmMobileShape shape = v2_series(std::move(stages), 24, dropout);
  shape.width = width;
  shape.last = shape.scaled(1792);
  return shape;
}

TimmMobileShape v2_rw_t() {
  TimmMobileShape shape = v2_series(v2_s_stages(), 24, 0.2);
  shape.width = 0.8;
  shape.depth = 0.9;
  shape.last = shape.scaled(1280);
  return shape;
}

TimmMobileShape mobilenet_v3_series(std::vector<std::string> stages, std::int64_t last, double width = 1,
                                    double depth = 1) {
  return {.stages = std::move(stages),
          .width = width,
          .depth = depth,
          .stem = 16,
          .last = last,
          .activation = Activation::hardswish,
          .squeeze = {.activation = Activation::relu, .gate = Activation::hardsigmoid},
          .squeeze_width = SqueezeWidth::of_middle_rounded,
          .pools_first = true,
          .last_norm = false,
          .last_bias = true};
}

TimmMobileShape v3_large(double width = 1, double depth = 1) {
  return mobilenet_v3_series(
      {"ds_r1_k3_s1_e1_c16_nre", "ir_r1_k3_s2_e4_c24_nre ir_r1_k3_s1_e3_c24_nre",
       "ir_r3_k5_s2_e3_c40_se0.25_nre", "ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80",
       "ir_r2_k3_s1_e6_c112_se0.25", "ir_r3_k5_s2_e6_c160_se0.25", "cn_r1_k1_s1_e1_c960"},
      1280, width, depth);
}

TimmMobileShape v3_small(double width = 1) {
  TimmMobileShape shape = mobilenet_v3_series(
      {"ds_r1_k3_s2_e1_c16_se0.25_nre", "ir_r1_k3_s2_e4.5_c24_nre ir_r1_k3_s1_e3.67_c24_nre",
       "ir_r1_k5_s2_e4_c40_se0.25 ir_r2_k5_s1_e6_c40_se0.25", "ir_r2_k5_s1_e3_c48_se0.25",
       "ir_r3_k5_s2_e6_c96_se0.25", "cn_r1_k1_s1_e1_c576"},
      1024, width);
  if (width < 0.75) shape.stem = 32;  // times `width`: 16
  return shape;
}

// Without kernels above 3, squeeze-and-excitation and other activations.
TimmMobileShape minimal(TimmMobileShape shape) {
  shape.activation = Activation::relu;
  for (std::string& stage : shape.stages)
    stage =
        std::regex_replace(std::regex_replace(stage, std::regex("_k5"), "_k3"), std::regex("_se[0-9.]+"), "");
  return shape;
}

// timm's first MobileNetV3.
TimmMobileShape v3_rw() {
  TimmMobileShape shape = v3_large();
  shape.stages.front() += "_noskip";
  shape.squeeze.activation = Activation::none;
  shape.squeeze_width = SqueezeWidth::of_middle;
  shape.last_bias = false;
  shape.eps = 1e-3;
  return shape;
}

TimmMobileShape mobilenet_v4(std::vector<std::string> stages, std::int64_t stem, double layer_scale = 0) {
  stages.emplace_back("cn_r1_k1_s1_e1_c960");
  return {.stages = std::move(stages),
          .stem = stem,
          .activation = Activation::relu,
          .pools_first = true,
          .layer_scale = layer_scale};
}

TimmMobileShape v4_small(double width = 1) {
  TimmMobileShape shape = mobilenet_v4(
      {"cn_r1_k3_s2_e1_c32 cn_r1_k1_s1_e1_c32", "cn_r1_k3_s2_e1_c96 cn_r1_k1_s1_e1_c64",
       "uir_r1_a5_k5_s2_e3_c96 uir_r4_a0_k3_s1_e2_c96 uir_r1_a3_k0_s1_e4_c96",
       "uir_r1_a3_k3_s2_e6_c128 uir_r1_a5_k5_s1_e4_c128 uir_r1_a0_k5_s1_e4_c128 uir_r1_a0_k5_s1_e3_c128 "
       "uir_r2_a0_k3_s1_e4_c128"},
      32);
  shape.width = width;
  if (width < 1) shape.stem = 64;  // times 0.5: the stem does not shrink
  return shape;
}

TimmMobileShape v4_hybrid_large() {
  TimmMobileShape shape = mobilenet_v4(
      {"er_r1_k3_s2_e4_c48", "uir_r1_a3_k5_s2_e4_c96 uir_r1_a3_k3_s1_e4_c96",
       "uir_r1_a3_k5_s2_e4_c192 uir_r3_a3_k3_s1_e4_c192 uir_r1_a3_k5_s1_e4_c192 uir_r2_a5_k3_s1_e4_c192 "
       "mqa_r1_k3_h8_s1_v2_d48_c192 uir_r1_a5_k3_s1_e4_c192 mqa_r1_k3_h8_s1_v2_d48_c192 "
       "uir_r1_a5_k3_s1_e4_c192 mqa_r1_k3_h8_s1_v2_d48_c192 uir_r1_a5_k3_s1_e4_c192 "
       "mqa_r1_k3_h8_s1_v2_d48_c192 uir_r1_a3_k0_s1_e4_c192",
       "uir_r4_a5_k5_s2_e4_c512 uir_r1_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r2_a5_k0_s1_e4_c512 "
       "uir_r1_a5_k3_s1_e4_c512 uir_r1_a5_k5_s1_e4_c512 mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512 "
       "mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512 mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512 "
       "mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512"},
      24, 1e-5);
  shape.activation = Activation::gelu;
  return shape;
}

// As TensorFlow's networks.
TimmMobileShape tf(TimmMobileShape shape) {
  shape.same_padding = true;
  shape.eps = 1e-3;
  return shape;
}

// name: timm's.
ModelSpec timm_mobile(const std::string& name, const std::string& family, std::int64_t parameters,
                      const TimmMobileShape& shape, const std::string& twin = "",
                      std::vector<std::string> lookalikes = {}) {
  ModelSpec spec = timm_model(name, family, parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<TimmMobile>(shape, o.classes);
    if (o.init == Init::random) network->init();
    return network;
  });
  if (!twin.empty()) spec.twins = {twin};
  spec.lookalikes = std::move(lookalikes);
  return spec;
}

// torchvision has another network of this name.
ModelSpec as_timms(ModelSpec spec) {
  spec.timm_name = spec.name;
  spec.name = "timm_" + spec.name;
  return spec;
}

}  // namespace

// clang-format off
std::vector<ModelSpec> timm_efficientnet_models() {
  const std::string b = "efficientnet", v3 = "mobilenet_v3", v4 = "mobilenet_v4";
  return {
      as_timms(timm_mobile("efficientnet_b5", b, 30'389'784, b_series(1.6, 2.2, 0.4), "tf_efficientnet_b5")),
      timm_mobile("tf_efficientnet_b0", b, 5'288'548, tf(b_series(1.0, 1.0, 0.2)), "efficientnet_b0", {"efficientnet_blur_b0"}),
      timm_mobile("tf_efficientnet_b1", b, 7'794'184, tf(b_series(1.0, 1.1, 0.2)), "efficientnet_b1"),
      timm_mobile("tf_efficientnet_b2", b, 9'109'994, tf(b_series(1.1, 1.2, 0.3)), "efficientnet_b2"),
      timm_mobile("tf_efficientnet_b3", b, 12'233'232, tf(b_series(1.2, 1.4, 0.3)), "efficientnet_b3"),
      timm_mobile("tf_efficientnet_b4", b, 19'341'616, tf(b_series(1.4, 1.8, 0.4)), "efficientnet_b4"),
      timm_mobile("tf_efficientnet_b5", b, 30'389'784, tf(b_series(1.6, 2.2, 0.4)), "timm_efficientnet_b5"),
      timm_mobile("tf_efficientnet_b6", b, 43'040'704, tf(b_series(1.8, 2.6, 0.5))),
      timm_mobile("tf_efficientnet_b7", b, 66'347'960, tf(b_series(2.0, 3.1, 0.5))),
      timm_mobile("tf_efficientnet_b8", b, 87'413'142, tf(b_series(2.2, 3.6, 0.5)), "", {"efficientnet_b8"}),
      timm_mobile("tf_efficientnet_l2", b, 480'309'308, tf(b_series(4.3, 5.3, 0.5)), "", {"efficientnet_l2"}),
      timm_mobile("efficientnet_es", b, 5'438'392, edge_series(1.0, 1.0, 0.2), "tf_efficientnet_es"),
      timm_mobile("tf_efficientnet_es", b, 5'438'392, tf(edge_series(1.0, 1.0, 0.2)), "efficientnet_es"),
      timm_mobile("efficientnet_em", b, 6'899'496, edge_series(1.0, 1.1, 0.2), "tf_efficientnet_em"),
      timm_mobile("tf_efficientnet_em", b, 6'899'496, tf(edge_series(1.0, 1.1, 0.2)), "efficientnet_em"),
      timm_mobile("efficientnet_el", b, 10'589'712, edge_series(1.2, 1.4, 0.3), "tf_efficientnet_el"),
      timm_mobile("tf_efficientnet_el", b, 10'589'712, tf(edge_series(1.2, 1.4, 0.3)), "efficientnet_el"),
      timm_mobile("efficientnetv2_rw_t", b, 13'649'388, v2_rw_t()),
      timm_mobile("efficientnetv2_rw_s", b, 23'941'296, v2_rw(1.0, {"er_r2_k3_s1_e1_c24", "er_r4_k3_s2_e4_c48", "er_r4_k3_s2_e4_c64", "ir_r6_k3_s2_e4_c128_se0.25", "ir_r9_k3_s1_e6_c160_se0.25", "ir_r15_k3_s2_e6_c272_se0.25"}, 0.2)),
      timm_mobile("efficientnetv2_rw_m", b, 53'236'442, v2_rw(1.2, {"er_r3_k3_s1_e1_c24", "er_r5_k3_s2_e4_c48", "er_r5_k3_s2_e4_c64", "ir_r8_k3_s2_e4_c128_se0.25", "ir_r15_k3_s1_e6_c160_se0.25", "ir_r24_k3_s2_e6_c272_se0.25"}, 0.2)),
      timm_mobile("tf_efficientnetv2_b0", b, 7'139'704, tf(v2_b_series(1.0, 1.0, 0.2))),
      timm_mobile("tf_efficientnetv2_b1", b, 8'141'052, tf(v2_b_series(1.0, 1.1, 0.2))),
      timm_mobile("tf_efficientnetv2_b2", b, 10'096'086, tf(v2_b_series(1.1, 1.2, 0.3))),
      timm_mobile("tf_efficientnetv2_b3", b, 14'358'406, tf(v2_b_series(1.2, 1.4, 0.3))),
      timm_mobile("tf_efficientnetv2_s", b, 21'458'488, tf(v2_series(v2_s_stages(), 24, 0.2)), "", {"efficientnetv2_s"}),
      timm_mobile("tf_efficientnetv2_m", b, 54'139'356, tf(v2_series({"cn_r3_k3_s1_e1_c24_skip", "er_r5_k3_s2_e4_c48", "er_r5_k3_s2_e4_c80", "ir_r7_k3_s2_e4_c160_se0.25", "ir_r14_k3_s1_e6_c176_se0.25", "ir_r18_k3_s2_e6_c304_se0.25", "ir_r5_k3_s1_e6_c512_se0.25"}, 24, 0.3)), "", {"efficientnetv2_m"}),
      timm_mobile("tf_efficientnetv2_l", b, 118'515'272, tf(v2_series({"cn_r4_k3_s1_e1_c32_skip", "er_r7_k3_s2_e4_c64", "er_r7_k3_s2_e4_c96", "ir_r10_k3_s2_e4_c192_se0.25", "ir_r19_k3_s1_e6_c224_se0.25", "ir_r25_k3_s2_e6_c384_se0.25", "ir_r7_k3_s1_e6_c640_se0.25"}, 32, 0.4)), "", {"efficientnetv2_l"}),
      timm_mobile("tf_efficientnetv2_xl", b, 208'119'808, tf(v2_series({"cn_r4_k3_s1_e1_c32_skip", "er_r8_k3_s2_e4_c64", "er_r8_k3_s2_e4_c96", "ir_r16_k3_s2_e4_c192_se0.25", "ir_r24_k3_s1_e6_c256_se0.25", "ir_r32_k3_s2_e6_c512_se0.25", "ir_r8_k3_s1_e6_c640_se0.25"}, 32, 0.4)), "", {"efficientnetv2_xl"}),
      timm_mobile("mobilenetv3_large_100", v3, 5'483'032, v3_large(), "tf_mobilenetv3_large_100"),
      timm_mobile("mobilenetv3_large_150d", v3, 14'622'320, v3_large(1.5, 1.2)),
      timm_mobile("mobilenetv3_rw", v3, 5'479'918, v3_rw()),
      timm_mobile("mobilenetv3_small_050", v3, 1'593'224, v3_small(0.5)),
      timm_mobile("mobilenetv3_small_075", v3, 2'041'872, v3_small(0.75), "tf_mobilenetv3_small_075"),
      timm_mobile("mobilenetv3_small_100", v3, 2'542'856, v3_small(), "tf_mobilenetv3_small_100"),
      timm_mobile("tf_mobilenetv3_large_075", v3, 3'993'528, tf(v3_large(0.75)), "", {"mobilenetv3_large_075"}),
      timm_mobile("tf_mobilenetv3_large_100", v3, 5'483'032, tf(v3_large()), "mobilenetv3_large_100"),
      timm_mobile("tf_mobilenetv3_large_minimal_100", v3, 3'924'288, tf(minimal(v3_large()))),
      timm_mobile("tf_mobilenetv3_small_075", v3, 2'041'872, tf(v3_small(0.75)), "mobilenetv3_small_075"),
      timm_mobile("tf_mobilenetv3_small_100", v3, 2'542'856, tf(v3_small()), "mobilenetv3_small_100"),
      timm_mobile("tf_mobilenetv3_small_minimal_100", v3, 2'044'736, tf(minimal(v3_small()))),
      timm_mobile("mobilenetv4_conv_small_050", v4, 2'238'952, v4_small(0.5)),
      timm_mobile("mobilenetv4_conv_small", v4, 3'774'024, v4_small()),
      timm_mobile("mobilenetv4_conv_medium", v4, 9'715'512, mobilenet_v4({"er_r1_k3_s2_e4_c48", "uir_r1_a3_k5_s2_e4_c80 uir_r1_a3_k3_s1_e2_c80", "uir_r1_a3_k5_s2_e6_c160 uir_r2_a3_k3_s1_e4_c160 uir_r1_a3_k5_s1_e4_c160 uir_r1_a3_k3_s1_e4_c160 uir_r1_a3_k0_s1_e4_c160 uir_r1_a0_k0_s1_e2_c160 uir_r1_a3_k0_s1_e4_c160", "uir_r1_a5_k5_s2_e6_c256 uir_r1_a5_k5_s1_e4_c256 uir_r2_a3_k5_s1_e4_c256 uir_r1_a0_k0_s1_e4_c256 uir_r1_a3_k0_s1_e4_c256 uir_r1_a3_k5_s1_e2_c256 uir_r1_a5_k5_s1_e4_c256 uir_r2_a0_k0_s1_e4_c256 uir_r1_a5_k0_s1_e2_c256"}, 32), "", {"mobilenetv4_conv_aa_medium", "mobilenetv4_conv_blur_medium"}),
      timm_mobile("mobilenetv4_conv_large", v4, 32'590'864, mobilenet_v4({"er_r1_k3_s2_e4_c48", "uir_r1_a3_k5_s2_e4_c96 uir_r1_a3_k3_s1_e4_c96", "uir_r1_a3_k5_s2_e4_c192 uir_r3_a3_k3_s1_e4_c192 uir_r1_a3_k5_s1_e4_c192 uir_r5_a5_k3_s1_e4_c192 uir_r1_a3_k0_s1_e4_c192", "uir_r4_a5_k5_s2_e4_c512 uir_r1_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r2_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r1_a5_k5_s1_e4_c512 uir_r3_a5_k0_s1_e4_c512"}, 24), "", {"mobilenetv4_conv_aa_large"}),
      timm_mobile("mobilenetv4_hybrid_medium", v4, 11'074'648, mobilenet_v4({"er_r1_k3_s2_e4_c48", "uir_r1_a3_k5_s2_e4_c80 uir_r1_a3_k3_s1_e2_c80", "uir_r1_a3_k5_s2_e6_c160 uir_r1_a0_k0_s1_e2_c160 uir_r1_a3_k3_s1_e4_c160 uir_r1_a3_k5_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k3_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k0_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k3_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k0_s1_e4_c160", "uir_r1_a5_k5_s2_e6_c256 uir_r1_a5_k5_s1_e4_c256 uir_r2_a3_k5_s1_e4_c256 uir_r1_a0_k0_s1_e2_c256 uir_r1_a3_k5_s1_e2_c256 uir_r1_a0_k0_s1_e2_c256 uir_r1_a0_k0_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a3_k0_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a5_k5_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a5_k0_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a5_k0_s1_e4_c256"}, 32, 1e-5)),
      timm_mobile("mobilenetv4_hybrid_large", v4, 37'764'624, v4_hybrid_large()),
  };
}
// clang-format on

}  // namespace graft
