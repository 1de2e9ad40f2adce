// ConvNeXt (Liu et al., arXiv:2201.03545) and ConvNeXt V2 (Woo et al., arXiv:2301.00808). Parameter names,
// order and initialisation are those of torchvision.models.convnext, and for the models that only timm has
// those of timm.models.convnext.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/load.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

struct ConvNextShape {
  std::array<int, 4> depths = {};  // blocks of each stage
  std::int64_t width = 96;         // channels of the first stage; each later stage has twice as many
  double drop_path = 0;            // stochastic depth of the last block
  // The following are timm's.
  bool timm_names = false;
  // Channels between two 3×3 convolutions of the stem, which overlap; 0: one convolution over patches of 4×4.
  std::int64_t stem = 0;
  bool stem_activation = false;  // between the two
  bool convolutions = false;     // 1×1 convolutions as the perceptrons' layers
  bool response_norm = false;    // ResponseNorm in the perceptrons, and no layer scale
  NormKind norm = NormKind::layer;
  bool norm_before_pool = false;  // the last norm
  std::int64_t head_hidden = 0;   // outputs of a layer before the head; 0: none

  NormOptions norm_options() const { return {norm, 1e-6}; }
};

// The layers' names in torchvision and in timm.
class ConvNextNames {
 public:
  explicit ConvNextNames(bool timm) : timm_(timm) {}

  std::string stem(int layer) const { return (timm_ ? "stem." : "features.0.") + std::to_string(layer); }
  std::string downsample(std::size_t stage, int layer) const {
    const std::string before = timm_ ? "stages." + std::to_string(stage) + ".downsample."
                                     : "features." + std::to_string(2 * stage) + ".";
    return before + std::to_string(layer);
  }
  std::string block(std::size_t stage, int number) const {
    const std::string before = timm_ ? "stages." + std::to_string(stage) + ".blocks."
                                     : "features." + std::to_string(2 * stage + 1) + ".";
    return before + std::to_string(number);
  }
  // Within a block.
  const char* scale() const { return timm_ ? "gamma" : "layer_scale"; }
  const char* depthwise() const { return timm_ ? "conv_dw" : "block.0"; }
  const char* norm() const { return timm_ ? "norm" : "block.2"; }
  const char* expand() const { return timm_ ? "mlp.fc1" : "block.3"; }
  const char* project() const { return timm_ ? "mlp.fc2" : "block.5"; }
  // After the stages.
  const char* last_norm() const { return timm_ ? "head.norm" : "classifier.0"; }
  const char* head() const { return timm_ ? "head.fc" : "classifier.2"; }

 private:
  bool timm_;
};

// Global response normalisation: channels with a large norm over the positions of their image become larger.
class ResponseNormImpl : public torch::nn::Module {
 public:
  explicit ResponseNormImpl(std::int64_t channels)
      : weight(register_parameter("weight", torch::zeros({channels}))),
        bias(register_parameter("bias", torch::zeros({channels}))) {}

  // N×H×W×C
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor norm = x.norm(2, {1, 2}, /*keepdim=*/true);
    const torch::Tensor relative = norm / (norm.mean(-1, /*keepdim=*/true) + 1e-6);
    return torch::addcmul(bias, x, weight * relative + 1);
  }

  torch::Tensor weight, bias;  // C
};
TORCH_MODULE(ResponseNorm);

// A depthwise 7×7 convolution, layer norm and a perceptron over the channels of each position, with a
// shortcut.
class ConvNextBlockImpl : public torch::nn::Module {
 public:
  ConvNextBlockImpl(const ConvNextShape& shape, std::int64_t channels, double drop_rate) {
    const ConvNextNames names(shape.timm_names);
    if (!shape.response_norm) {
      const auto scale = shape.timm_names ? torch::full({channels}, initial_scale)
                                          : torch::full({channels, 1, 1}, initial_scale);
      layer_scale_ = register_parameter(names.scale(), scale);
    }
    const Conv depthwise(
        ConvOptions{.in = channels, .out = channels, .kernel = 7, .groups = channels, .bias = true});
    depthwise_ = add_conv(*this, names.depthwise(), depthwise, names.norm(), shape.norm_options());
    const std::int64_t hidden = 4 * channels;
    if (shape.convolutions)
      expand_maps_ =
          add_layer(*this, names.expand(), Conv(ConvOptions{.in = channels, .out = hidden, .bias = true}));
    else
      expand_ = add_layer(*this, names.expand(), Dense(channels, hidden));
    if (shape.response_norm) response_norm_ = add_layer(*this, "mlp.grn", ResponseNorm(hidden));
    if (shape.convolutions)
      project_maps_ =
          add_layer(*this, names.project(), Conv(ConvOptions{.in = hidden, .out = channels, .bias = true}));
    else
      project_ = add_layer(*this, names.project(), Dense(hidden, channels));
    drop_path_ = register_module("drop_path", DropPath(drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor scale = layer_scale_.defined() ? layer_scale_.view({-1, 1, 1}) : torch::Tensor();
    return drop_path_->add(x, perceptron(depthwise_(x)), scale);
  }

 private:
  static constexpr double initial_scale = 1e-6;

  torch::Tensor perceptron(const torch::Tensor& maps) {
    torch::Tensor y = expand_maps_ ? expand_maps_(maps, Activation::gelu).permute({0, 2, 3, 1})
                                   : expand_(maps.permute({0, 2, 3, 1}), Activation::gelu);
    if (response_norm_) y = response_norm_(y);
    return project_maps_ ? project_maps_(y.permute({0, 3, 1, 2})) : project_(y).permute({0, 3, 1, 2});
  }

  torch::Tensor layer_scale_;
  Conv depthwise_{nullptr};
  Dense expand_{nullptr}, project_{nullptr};           // or
  Conv expand_maps_{nullptr}, project_maps_{nullptr};  // with ConvNextShape::convolutions
  ResponseNorm response_norm_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(ConvNextBlock);

class ConvNext : public Network {
 public:
  ConvNext(const ConvNextShape& shape, std::int64_t classes) : Network("ConvNeXt"), shape_(shape) {
    const ConvNextNames names(shape.timm_names);
    const NormOptions norm = shape.norm_options();
    add_stem(names);
    int blocks = -1;  // less one
    for (const int depth : shape.depths) blocks += depth;
    std::int64_t channels = shape.width;
    int number = 0;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      Stage& stage = stages_[i];
      if (i > 0) {
        stage.norm = add_layer(*this, names.downsample(i, 0), ChannelNorm(channels, norm.eps, norm.kind));
        stage.downsample = add_layer(*this, names.downsample(i, 1), patch_conv(channels, 2 * channels, 2));
        channels *= 2;
      }
      for (int block = 0; block < shape.depths[i]; ++block, ++number) {
        stage.blocks.push_back(add_layer(*this, names.block(i, block),
                                         ConvNextBlock(shape, channels, shape.drop_path * number / blocks)));
      }
    }
    norm_ = add_layer(*this, shape.norm_before_pool ? "norm_pre" : names.last_norm(),
                      ChannelNorm(channels, norm.eps, norm.kind));
    if (shape.head_hidden > 0)
      hidden_ = add_layer(*this, "head.pre_logits.fc", Dense(channels, shape.head_hidden));
    add_head(names.head(), shape.head_hidden > 0 ? shape.head_hidden : channels, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, feature_info().reduction);
    torch::Tensor x = images;
    if (first_) x = first_(x, shape_.stem_activation ? Activation::gelu : Activation::none);
    x = stem_(x);
    for (Stage& stage : stages_) {
      if (stage.downsample) x = stage.downsample(stage.norm(x));
      for (ConvNextBlock& block : stage.blocks) x = block(x);
    }
    return shape_.norm_before_pool ? norm_(x) : x;
  }

  FeatureInfo feature_info() const override { return {.dim = 8 * shape_.width, .reduction = 32}; }

  // The scales of channels.
  std::set<std::string> no_weight_decay() const override {
    std::set<std::string> names;
    for (const auto& item : named_parameters()) {
      for (const char* part : {"layer_scale", "gamma", "grn.weight"}) {
        if (item.key().ends_with(part)) names.insert(item.key());
      }
    }
    return names;
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    const torch::Tensor means = features.mean({2, 3}, /*keepdim=*/true);
    const torch::Tensor pooled = (shape_.norm_before_pool ? means : norm_(means)).flatten(1);
    return hidden_ ? hidden_(pooled, Activation::gelu) : pooled;
  }
  NetworkPtr make_alike() const override {
    return std::make_shared<ConvNext>(shape_, head()->weight.size(0));
  }

 private:
  struct Stage {
    ChannelNorm norm{nullptr};
    Conv downsample{nullptr};  // null in the first stage
    std::vector<ConvNextBlock> blocks;
  };

  void add_stem(const ConvNextNames& names) {
    const auto halving = [](std::int64_t in, std::int64_t out) {
      return Conv(ConvOptions{.in = in, .out = out, .kernel = 3, .stride = 2, .bias = true});
    };
    int layer = 0;
    if (shape_.stem > 0) {
      first_ = add_layer(*this, names.stem(0), halving(3, shape_.stem));
      layer = shape_.stem_activation ? 2 : 1;
    }
    const Conv conv = first_ ? halving(shape_.stem, shape_.width) : patch_conv(3, shape_.width, 4);
    stem_ = add_conv(*this, names.stem(layer), conv, names.stem(layer + 1), shape_.norm_options());
  }

  ConvNextShape shape_;
  Conv first_{nullptr};  // null without ConvNextShape::stem
  Conv stem_{nullptr};
  std::array<Stage, 4> stages_;
  ChannelNorm norm_{nullptr};
  Dense hidden_{nullptr};  // null without ConvNextShape::head_hidden
};

NetworkPtr make_convnext(const ConvNextShape& shape, const NetworkOptions& options) {
  auto network = std::make_shared<ConvNext>(shape, options.classes);
  if (options.init == Init::random) init_normal(*network, 0.02);
  return network;
}

// timm's names of torchvision's layers.
std::map<std::string, std::string> timm_convnext_names(const ConvNextShape& shape) {
  const ConvNextNames timm(true), own(false);
  std::map<std::string, std::string> names = {{timm.last_norm(), own.last_norm()}, {timm.head(), own.head()}};
  for (int layer = 0; layer < 2; ++layer) {
    names[timm.stem(layer)] = own.stem(layer);
    for (std::size_t stage = 1; stage < shape.depths.size(); ++stage)
      names[timm.downsample(stage, layer)] = own.downsample(stage, layer);
  }
  for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
    for (int number = 0; number < shape.depths[stage]; ++number) {
      const std::string theirs = timm.block(stage, number), ours = own.block(stage, number);
      names[theirs] = ours;  // the layer scale's
      names[theirs + "." + timm.depthwise()] = ours + "." + own.depthwise();
      names[theirs + "." + timm.norm()] = ours + "." + own.norm();
      names[theirs + "." + timm.expand()] = ours + "." + own.expand();
      names[theirs + "." + timm.project()] = ours + "." + own.project();
    }
  }
  return names;
}

// timm's layer scales are vectors named "gamma".
void adapt_layer_scales(StateDict& state) {
  const std::string theirs = ".gamma";
  for (NamedTensor& each : state.tensors) {
    std::vector<std::int64_t>& shape = each.tensor.shape;
    if (!each.name.ends_with(theirs) || shape.size() != 1) continue;
    each.name.replace(each.name.size() - theirs.size(), theirs.size(), ".layer_scale");
    shape.insert(shape.end(), {1, 1});
  }
}

void layer_scales_to_timm(StateDict& state) {
  const std::string ours = ".layer_scale";
  for (NamedTensor& each : state.tensors) {
    if (!each.name.ends_with(ours)) continue;
    each.name.replace(each.name.size() - ours.size(), ours.size(), ".gamma");
    each.tensor.shape = {each.tensor.count()};
  }
}

// The perceptrons' layers are linear or 1×1 convolutions, which differ between timm and transformers.
void adapt_perceptrons(StateDict& state, bool convolutions) {
  for (NamedTensor& each : state.tensors) {
    std::vector<std::int64_t>& shape = each.tensor.shape;
    if (!each.name.ends_with(".mlp.fc1.weight") && !each.name.ends_with(".mlp.fc2.weight")) continue;
    if (convolutions && shape.size() == 2) shape.insert(shape.end(), {1, 1});
    if (!convolutions && shape.size() == 4 && shape[2] == 1 && shape[3] == 1) shape.resize(2);
  }
}

// Leaves out a head that reads a hidden layer, which this network does not have.
void leave_out_deep_head(StateDict& state, std::vector<std::string>& notes) {
  const auto in = [](const NamedTensor& each, const char* part) {
    return each.name.find(part) != std::string::npos;
  };
  const bool is_deep = std::any_of(state.tensors.begin(), state.tensors.end(),
                                   [&](const NamedTensor& each) { return in(each, "head.pre_logits."); });
  if (!is_deep) return;
  std::erase_if(state.tensors, [&](const NamedTensor& each) { return in(each, "head.fc."); });
  notes.emplace_back("left out head.fc, which reads a hidden layer that this network does not have");
}

// The files of masked autoencoders end before the last norm, which begins as the identity as in timm.
void add_last_norm(StateDict& state, const Network& network, std::vector<std::string>& notes) {
  const std::string first = "stem.0.weight";
  const auto stem = std::find_if(state.tensors.begin(), state.tensors.end(),
                                 [&](const NamedTensor& each) { return each.name.ends_with(first); });
  const bool has_head = std::any_of(state.tensors.begin(), state.tensors.end(), [](const NamedTensor& each) {
    return each.name.find("head.") != std::string::npos;
  });
  if (stem == state.tensors.end() || has_head) return;
  const std::string prefix = stem->name.substr(0, stem->name.size() - first.size());
  for (const char* leaf : {"weight", "bias"}) {
    const std::int64_t channels = network.feature_info().dim;
    const torch::Tensor value =
        leaf == std::string("weight") ? torch::ones({channels}) : torch::zeros({channels});
    state.tensors.push_back({prefix + "head.norm." + leaf, keep_tensor(state, value)});
  }
  notes.emplace_back("the file has no head.norm: it begins as the identity");
}

ModelSpec with_timm_files(ModelSpec spec, const ConvNextShape& shape) {
  spec.adapt = [shape](StateDict& state, const Network& network, std::vector<std::string>& notes) {
    if (!shape.timm_names) adapt_layer_scales(state);
    adapt_perceptrons(state, shape.convolutions);
    if (shape.head_hidden == 0) leave_out_deep_head(state, notes);
    if (shape.response_norm) add_last_norm(state, network, notes);
  };
  return spec;
}

ModelSpec convnext(const std::string& name, std::int64_t parameters, const ConvNextShape& shape) {
  ModelSpec spec = torchvision_model(name, "convnext", parameters, [shape](const NetworkOptions& options) {
    return make_convnext(shape, options);
  });
  spec.other_names = timm_convnext_names(shape);
  spec.to_timm = layer_scales_to_timm;
  return with_timm_files(std::move(spec), shape);
}

ModelSpec timm_convnext(const std::string& name, std::int64_t parameters, ConvNextShape shape) {
  shape.timm_names = true;
  ModelSpec spec = timm_model(name, "convnext", parameters, [shape](const NetworkOptions& options) {
    return make_convnext(shape, options);
  });
  return with_timm_files(std::move(spec), shape);
}

// The small models have 1×1 convolutions.
ModelSpec small_convnext(const std::string& name, std::int64_t parameters, ConvNextShape shape) {
  shape.convolutions = true;
  return timm_convnext(name, parameters, shape);
}

ConvNextShape v2(ConvNextShape shape) {
  shape.response_norm = true;
  return shape;
}

}  // namespace

std::vector<ModelSpec> convnext_models() {
  constexpr std::array<int, 4> depths_small = {2, 2, 6, 2}, depths_nano = {2, 2, 8, 2},
                               depths_tiny = {3, 3, 9, 3}, depths_large = {3, 3, 27, 3};
  const auto rms = [](bool overlaps) {
    return ConvNextShape{.depths = {2, 2, 4, 2},
                         .width = 32,
                         .stem = overlaps ? 32 : 0,
                         .stem_activation = overlaps,
                         .norm = NormKind::deviation};
  };
  return {
      convnext("convnext_tiny", 28'589'128, {depths_tiny, 96, 0.1}),
      convnext("convnext_small", 50'223'688, {depths_large, 96, 0.4}),
      convnext("convnext_base", 88'591'464, {depths_large, 128, 0.5}),
      convnext("convnext_large", 197'767'336, {depths_large, 192, 0.5}),
      small_convnext("convnext_zepto_rms", 2'155'656, rms(false)),
      small_convnext("convnext_zepto_rms_ols", 2'164'232, rms(true)),
      small_convnext("convnext_atto", 3'695'520, {depths_small, 40}),
      small_convnext("convnext_atto_ols", 3'702'912, {.depths = depths_small, .width = 40, .stem = 24}),
      small_convnext("convnext_femto", 5'217'784, {depths_small, 48}),
      small_convnext("convnext_femto_ols", 5'226'520, {.depths = depths_small, .width = 48, .stem = 24}),
      small_convnext("convnext_pico", 9'045'672, {depths_small, 64}),
      small_convnext("convnext_pico_ols", 9'061'928, {.depths = depths_small, .width = 64, .stem = 32}),
      small_convnext("convnext_nano", 15'593'560, {depths_nano, 80}),
      small_convnext("convnext_nano_ols", 15'649'560, {.depths = depths_nano, .width = 80, .stem = 80}),
      small_convnext("convnext_tiny_hnf", 28'589'128, {.depths = depths_tiny, .norm_before_pool = true}),
      timm_convnext("convnext_large_mlp", 200'128'168,
                    {.depths = depths_large, .width = 192, .head_hidden = 1536}),
      timm_convnext("convnext_xlarge", 350'196'968, {depths_large, 256}),
      small_convnext("convnextv2_atto", 3'708'400, v2({depths_small, 40})),
      small_convnext("convnextv2_femto", 5'233'240, v2({depths_small, 48})),
      small_convnext("convnextv2_pico", 9'066'280, v2({depths_small, 64})),
      small_convnext("convnextv2_nano", 15'623'800, v2({depths_nano, 80})),
      timm_convnext("convnextv2_tiny", 28'635'496, v2({depths_tiny})),
      timm_convnext("convnextv2_base", 88'717'800, v2({depths_large, 128})),
      timm_convnext("convnextv2_large", 197'956'840, v2({depths_large, 192})),
      timm_convnext("convnextv2_huge", 660'289'640, v2({depths_large, 352})),
  };
}

}  // namespace graft
