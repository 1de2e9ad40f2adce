// Swin transformers (Liu et al., arXiv:2103.14030) and their second version (arXiv:2111.09883). Parameter
// names, order and initialisation are those of torchvision.models.swin_transformer, and for the models that
// only timm has those of timm.models.swin_transformer. Between the layers the tensors are N×H×W×C.
#include <algorithm>
#include <array>
#include <cmath>
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

enum class SwinVersion { v1, v2 };

struct SwinShape {
  SwinVersion version = SwinVersion::v1;
  std::array<std::int64_t, 4> windows = {};  // tokens of a side, in each stage
  std::array<int, 4> depths = {};            // blocks of each stage
  std::int64_t width = 96;  // channels of the first stage; each later stage has twice as many
  double drop_path = 0;     // stochastic depth of the last block
  // timm's network, which differs for maps that the windows do not divide: it pads after the shift.
  bool is_timms = false;
  // Of timm's second version: pixels of the images for which it is built, and the windows of the pretraining,
  // which scale the offsets; 0: the same windows.
  std::int64_t side = 0;
  std::array<std::int64_t, 4> trained_windows = {};

  bool is_timms_second() const { return is_timms && version == SwinVersion::v2; }
};

constexpr std::int64_t swin_head_width = 32, swin_patch = 4;

// The layers' names in torchvision and in timm.
class SwinNames {
 public:
  explicit SwinNames(bool timm) : timm_(timm) {}

  const char* patches() const { return timm_ ? "patch_embed.proj" : "features.0.0"; }
  const char* patch_norm() const { return timm_ ? "patch_embed.norm" : "features.0.2"; }
  std::string merging(std::size_t stage) const {
    return timm_ ? "layers." + std::to_string(stage) + ".downsample"
                 : "features." + std::to_string(2 * stage);
  }
  std::string block(std::size_t stage, int number) const {
    const std::string before = timm_ ? "layers." + std::to_string(stage) + ".blocks."
                                     : "features." + std::to_string(2 * stage + 1) + ".";
    return before + std::to_string(number);
  }
  // Within the perceptron "mlp".
  const char* first() const { return timm_ ? "fc1" : "0"; }
  const char* second() const { return timm_ ? "fc2" : "3"; }
  const char* head() const { return timm_ ? "head.fc" : "head"; }

 private:
  bool timm_;
};

// Rows and columns of each offset within a window, log-spaced: (unit − 1) becomes log₂(9) / 3.
torch::Tensor log_offsets(std::int64_t side, std::int64_t unit, const torch::Device& device = torch::kCPU) {
  const auto last = static_cast<double>(std::max<std::int64_t>(unit - 1, 1));
  const auto options = torch::TensorOptions(torch::kFloat32).device(device);
  const torch::Tensor offset = torch::arange(1 - side, side, options) / last * 8;
  const torch::Tensor spaced = offset.sign() * (offset.abs() + 1).log2() / 3;
  return torch::stack(torch::meshgrid({spaced, spaced}, "ij"), -1).unsqueeze(0);
}

// Attention of the second version: by the cosine of queries and keys, with a learned scale for each head, and
// biases that a perceptron computes from the offsets. Keys have no bias.
class CosineAttentionImpl : public WindowAttentionImpl {
 public:
  // unit: of log_offsets(). is_timms: queries and values have a bias each, and the offsets are not stored.
  CosineAttentionImpl(std::int64_t dim, std::int64_t heads, std::int64_t side, std::int64_t unit,
                      bool is_timms)
      : WindowAttentionImpl({.dim = dim, .heads = heads, .scale = 1, .qkv_bias = !is_timms},
                            window_options(side, unit, is_timms)),
        side_(side),
        unit_(unit) {
    constexpr std::int64_t hidden = 512;
    logit_scale_ = register_parameter("logit_scale", torch::full({heads, 1, 1}, std::log(10.0)));
    if (is_timms) {
      query_bias_ = register_parameter("q_bias", torch::zeros({dim}));
      value_bias_ = register_parameter("v_bias", torch::zeros({dim}));
      for (const char* later : {"qkv", "proj"}) unregister_module(later);
    }
    hidden_ = add_layer(*this, "cpb_mlp.0", Dense(2, hidden));
    biases_ = add_layer(*this, "cpb_mlp.2", Dense(hidden, heads, /*bias=*/false));
    if (!is_timms) return;
    register_module("qkv", qkv());
    register_module("proj", project());
  }

 protected:
  torch::Tensor offset_biases() override {
    const torch::Tensor& weight = hidden_->weight;
    const torch::Tensor offsets = coordinates().defined()
                                      ? coordinates()
                                      : log_offsets(side_, unit_, weight.device()).to(weight.scalar_type());
    return biases_(hidden_(offsets.flatten(0, 2), Activation::relu)).sigmoid() * 16;
  }

  Heads heads_of(const torch::Tensor& tokens) override {
    torch::Tensor query_bias = query_bias_, value_bias = value_bias_;
    if (!query_bias.defined()) {
      const auto parts = qkv()->bias.chunk(3);
      query_bias = parts[0];
      value_bias = parts[2];
    }
    const torch::Tensor bias = torch::cat({query_bias, torch::zeros_like(query_bias), value_bias});
    const Heads heads = split(torch::linear(tokens, qkv()->weight, bias));
    const auto direction = [](const torch::Tensor& x) {
      return x / x.norm(2, {-1}, /*keepdim=*/true).clamp_min(1e-12);
    };
    const torch::Tensor scale = logit_scale_.clamp_max(std::log(100.0)).exp();
    return {direction(heads.queries) * scale, direction(heads.keys), heads.values};
  }

 private:
  static WindowOptions window_options(std::int64_t side, std::int64_t unit, bool is_timms) {
    if (is_timms) return {.side = side, .computed = true, .index = WindowOptions::Index::none};
    return {.side = side, .coordinates = log_offsets(side, unit)};
  }

  std::int64_t side_, unit_;
  torch::Tensor logit_scale_;              // heads×1×1
  torch::Tensor query_bias_, value_bias_;  // dim, of timm's
  Dense hidden_{nullptr}, biases_{nullptr};
};

WindowAttention swin_attention(const SwinShape& shape, std::int64_t dim, std::size_t stage) {
  using Index = WindowOptions::Index;
  const std::int64_t heads = dim / swin_head_width, window = shape.windows[stage];
  if (shape.version == SwinVersion::v1)
    return WindowAttention(
        AttentionOptions{.dim = dim, .heads = heads},
        WindowOptions{.side = window, .index = shape.is_timms ? Index::none : Index::flat});
  const std::int64_t trained = shape.trained_windows[stage];
  return WindowAttention(std::static_pointer_cast<WindowAttentionImpl>(std::make_shared<CosineAttentionImpl>(
      dim, heads, window, trained == 0 ? window : trained, shape.is_timms)));
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
  SwinBlockImpl(const SwinShape& shape, std::int64_t dim, std::size_t stage, bool shifted, double drop_rate)
      : version_(shape.version),
        pads_last_(shape.is_timms),
        window_(shape.windows[stage]),
        shift_(shifted ? window_ / 2 : 0),
        norm1_(layer_norm(dim)),
        norm2_(layer_norm(dim)) {
    const SwinNames names(shape.is_timms);
    const bool norm_last = shape.is_timms_second();
    if (!norm_last) register_module("norm1", norm1_);
    attention_ = register_module("attn", swin_attention(shape, dim, stage));
    norm_last ? register_module("norm1", norm1_) : register_module("norm2", norm2_);
    mlp_ = register_module(
        "mlp",
        Mlp(MlpOptions{.dim = dim, .hidden = 4 * dim, .first = names.first(), .second = names.second()}));
    if (norm_last) register_module("norm2", norm2_);
    drop_path_ = register_module("drop_path", DropPath(drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const bool first = version_ == SwinVersion::v1;
    const torch::Tensor x = drop_path_->add(input, first ? attend(norm1_(input)) : norm1_(attend(input)));
    return drop_path_->add(x, first ? mlp_(norm2_(x)) : norm2_(mlp_(x)));
  }

 private:
  torch::Tensor attend(const torch::Tensor& input) {
    const std::int64_t rows = input.size(1), columns = input.size(2);
    const std::int64_t height = rows + missing(rows), width = columns + missing(columns);
    // A single window needs no shift.
    const std::array<std::int64_t, 2> shift = {height > window_ ? shift_ : 0, width > window_ ? shift_ : 0};
    const bool shifts = shift[0] + shift[1] > 0;
    torch::Tensor x = pads_last_ ? input : padded(input, missing(rows), missing(columns));
    if (shifts) x = x.roll({-shift[0], -shift[1]}, {1, 2});
    if (pads_last_) x = padded(x, missing(rows), missing(columns));
    const torch::Tensor mask = shifts ? seam_mask(x, window_, shift) : torch::Tensor();
    x = from_windows(attention_(to_windows(x, window_, window_), mask), window_, window_, height, width);
    if (pads_last_) x = x.narrow(1, 0, rows).narrow(2, 0, columns);
    if (shifts) x = x.roll({shift[0], shift[1]}, {1, 2});
    return x.narrow(1, 0, rows).narrow(2, 0, columns);
  }

  // To the next multiple of the window.
  std::int64_t missing(std::int64_t size) const { return (window_ - size % window_) % window_; }

  SwinVersion version_;
  bool pads_last_;  // after the shift
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
  PatchMergingImpl(const SwinShape& shape, std::int64_t dim)
      : version_(shape.version),
        reduction_(4 * dim, 2 * dim, /*bias=*/false),
        norm_(layer_norm(shape.version == SwinVersion::v1 ? 4 * dim : 2 * dim)) {
    const bool norm_first = shape.is_timms && version_ == SwinVersion::v1;
    if (norm_first) register_module("norm", norm_);
    register_module("reduction", reduction_);
    if (!norm_first) register_module("norm", norm_);
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
    const SwinNames names(shape.is_timms);
    patches_ = add_layer(*this, names.patches(), patch_conv(3, shape.width, swin_patch));
    patch_norm_ = add_layer(*this, names.patch_norm(), layer_norm(shape.width));
    int blocks = -1;  // less one
    for (const int depth : shape.depths) blocks += depth;
    std::int64_t dim = shape.width;
    int number = 0;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (i > 0) {
        stages_[i].merging = add_layer(*this, names.merging(i), PatchMerging(shape, dim));
        dim *= 2;
      }
      for (int block = 0; block < shape.depths[i]; ++block, ++number) {
        stages_[i].blocks.push_back(
            add_layer(*this, names.block(i, block),
                      SwinBlock(shape, dim, i, block % 2 == 1, shape.drop_path * number / blocks)));
      }
    }
    norm_ = register_module("norm", layer_norm(dim));
    add_head(names.head(), dim, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    shape_.is_timms_second() ? check_side(name(), images, shape_.side)
                             : check_image_size(images, least_side());
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
      const std::string& name = item.key();
      if (name.ends_with("relative_position_bias_table"))
        torch::nn::init::normal_(item.value(), 0, deviation);
      // So that each block begins as the identity.
      const bool of_norm = name.ends_with(".norm1.weight") || name.ends_with(".norm2.weight");
      if (of_norm && shape_.is_timms_second()) torch::nn::init::zeros_(item.value());
    }
  }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<SwinTransformer>(shape_, head()->weight.size(0));
  }

 private:
  // For smaller images timm's network has smaller windows. Each stage halves the map and rounds up.
  std::int64_t least_side() const {
    std::int64_t least = swin_patch;
    for (std::size_t i = 0; i < shape_.windows.size() && shape_.is_timms; ++i)
      least = std::max(least, swin_patch * (((shape_.windows[i] - 1) << i) + 1));
    return least;
  }

  struct Stage {
    PatchMerging merging{nullptr};  // null in the first stage
    std::vector<SwinBlock> blocks;
  };

  SwinShape shape_;
  Conv patches_{nullptr};
  torch::nn::LayerNorm patch_norm_{nullptr}, norm_{nullptr};
  std::array<Stage, 4> stages_;
};

NetworkPtr make_swin(SwinShape shape, const NetworkOptions& options) {
  if (shape.is_timms_second()) shape.side = side_for_patches(options, shape.side, swin_patch);
  const std::int64_t pixels = shape.is_timms_second() ? shape.side : options.input_size;
  // In timm's network a window is no larger than the map.
  if (shape.is_timms && pixels > 0) {
    std::int64_t side = pixels / swin_patch;
    for (std::int64_t& window : shape.windows) {
      window = std::min(window, side);
      side = (side + 1) / 2;
    }
  }
  auto network = std::make_shared<SwinTransformer>(shape, options.classes);
  if (options.init == Init::random) network->init();
  return network;
}

// timm's names of torchvision's layers.
std::map<std::string, std::string> timm_swin_names(const SwinShape& shape) {
  const SwinNames timm(true), own(false);
  std::map<std::string, std::string> names = {{timm.patches(), own.patches()},
                                              {timm.patch_norm(), own.patch_norm()},
                                              {"norm", "norm"},
                                              {timm.head(), own.head()}};
  for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
    for (const std::string part : {".reduction", ".norm"}) {
      if (stage > 0) names[timm.merging(stage) + part] = own.merging(stage) + part;
    }
    for (int number = 0; number < shape.depths[stage]; ++number) {
      const std::string theirs = timm.block(stage, number), ours = own.block(stage, number);
      for (const std::string part :
           {".norm1", ".norm2", ".attn", ".attn.qkv", ".attn.proj", ".attn.cpb_mlp.0", ".attn.cpb_mlp.2"})
        names[theirs + part] = ours + part;
      names[theirs + ".mlp." + timm.first()] = ours + ".mlp." + own.first();
      names[theirs + ".mlp." + timm.second()] = ours + ".mlp." + own.second();
    }
  }
  return names;
}

// In the files of the authors and of timm before 0.9, "layers.0.downsample" is what timm has as
// "layers.1.downsample" since then, and the head is "head".
void adapt_old_names(StateDict& state) {
  const std::string layers = "layers.", downsample = ".downsample.";
  const auto is_first_merging = [&](const NamedTensor& each) {
    return each.name.find(layers + "0" + downsample) != std::string::npos;
  };
  if (std::none_of(state.tensors.begin(), state.tensors.end(), is_first_merging)) return;
  for (NamedTensor& each : state.tensors) {
    const std::size_t end = each.name.find(downsample);
    if (end != std::string::npos && end > layers.size() &&
        each.name.compare(end - 1 - layers.size(), layers.size(), layers) == 0)
      ++each.name[end - 1];
    for (const std::string leaf : {"head.weight", "head.bias"}) {
      if (each.name.ends_with(leaf)) each.name.insert(each.name.size() - leaf.size() + 5, "fc.");
    }
  }
}

// The biases of timm's second version as torchvision's, whose keys have a bias that is not read.
void join_biases(StateDict& state) {
  const std::string query = ".q_bias", value = ".v_bias", joined = ".qkv.bias";
  for (NamedTensor& each : state.tensors) {
    if (!each.name.ends_with(query)) continue;
    const std::string attention = each.name.substr(0, each.name.size() - query.size());
    const TensorView* of_values = state.find(attention + value);
    if (of_values == nullptr) continue;
    const torch::Tensor first = to_tensor(each.tensor), last = to_tensor(*of_values);
    each = {attention + joined, keep_tensor(state, torch::cat({first, torch::zeros_like(first), last}))};
  }
  std::erase_if(state.tensors, [&](const NamedTensor& each) { return each.name.ends_with(value); });
}

// Converts timm's files. Those of earlier versions have masks, indices and offsets too, which follow from the
// windows.
void adapt_timm_swin(StateDict& state, const SwinShape& shape) {
  adapt_old_names(state);
  std::erase_if(state.tensors, [&](const NamedTensor& each) {
    const bool is_index = each.name.ends_with(".relative_position_index");
    const bool is_timms = shape.is_timms || (is_index && each.tensor.shape.size() == 2);
    return each.name.ends_with(".attn_mask") ||
           (is_timms && (is_index || each.name.ends_with(".relative_coords_table")));
  });
  if (shape.version == SwinVersion::v2 && !shape.is_timms) join_biases(state);
}

// timm computes indices and offsets, and its second version has no bias of the keys.
void swin_to_timm(StateDict& state, SwinVersion version) {
  std::erase_if(state.tensors, [](const NamedTensor& each) {
    return each.name.ends_with(".relative_position_index") || each.name.ends_with(".relative_coords_table");
  });
  if (version != SwinVersion::v2) return;
  const std::string joined = ".qkv.bias";
  std::vector<NamedTensor> tensors;
  for (NamedTensor& each : state.tensors) {
    if (!each.name.ends_with(joined)) {
      tensors.push_back(each);
      continue;
    }
    const std::string attention = each.name.substr(0, each.name.size() - joined.size());
    const std::int64_t width = each.tensor.shape[0] / 3;
    const std::size_t bytes = each.tensor.bytes.size() / 3;
    tensors.push_back({attention + ".q_bias", {each.tensor.dtype, {width}, each.tensor.bytes.first(bytes)}});
    tensors.push_back({attention + ".v_bias", {each.tensor.dtype, {width}, each.tensor.bytes.last(bytes)}});
  }
  state.tensors = std::move(tensors);
}

ModelSpec with_timm_swin_files(ModelSpec spec, const SwinShape& shape) {
  spec.adapt = [shape](StateDict& state, const Network& network, std::vector<std::string>& notes) {
    adapt_timm_swin(state, shape);
    if (shape.is_timms) adapt_biases(state, network, /*other_rows=*/0, notes);
  };
  return spec;
}

// timm_name: that of the same network there.
ModelSpec swin(const std::string& name, std::int64_t parameters, const SwinShape& shape,
               const std::string& timm_name) {
  ModelSpec spec = torchvision_model(
      name, "swin", parameters, [shape](const NetworkOptions& options) { return make_swin(shape, options); });
  spec.timm_name = timm_name;
  spec.other_names = timm_swin_names(shape);
  spec.to_timm = [version = shape.version](StateDict& state) { swin_to_timm(state, version); };
  return with_timm_swin_files(std::move(spec), shape);
}

ModelSpec timm_swin(const std::string& name, std::int64_t parameters, SwinShape shape) {
  shape.is_timms = true;
  ModelSpec spec = timm_model(name, "swin", parameters,
                              [shape](const NetworkOptions& options) { return make_swin(shape, options); });
  spec.python_network = "timm.create_model('" + name + "', num_classes={}, img_size={size})";
  return with_timm_swin_files(std::move(spec), shape);
}

ModelSpec timm_swin_v2(const std::string& name, std::int64_t parameters, std::int64_t side,
                       std::int64_t window, const std::array<int, 4>& depths, std::int64_t width,
                       const std::array<std::int64_t, 4>& trained_windows = {}) {
  return timm_swin(name, parameters,
                   {.version = SwinVersion::v2,
                    .windows = {window, window, window, window},
                    .depths = depths,
                    .width = width,
                    .drop_path = 0.1,
                    .side = side,
                    .trained_windows = trained_windows});
}

// The tensors of the second version do not show the windows.
void set_twins(std::vector<ModelSpec>& models) {
  for (ModelSpec& spec : models) {
    for (const std::vector<std::string>& alike :
         {std::vector<std::string>{"swin_v2_t", "swinv2_tiny_window16_256"},
          {"swin_v2_s", "swinv2_small_window16_256"},
          {"swin_v2_b", "swinv2_base_window16_256", "swinv2_base_window12_192",
           "swinv2_base_window12to16_192to256", "swinv2_base_window12to24_192to384"},
          {"swinv2_large_window12_192", "swinv2_large_window12to16_192to256",
           "swinv2_large_window12to24_192to384"}}) {
      if (std::find(alike.begin(), alike.end(), spec.name) == alike.end()) continue;
      spec.twins = alike;
      std::erase(spec.twins, spec.name);
    }
  }
}

}  // namespace

std::vector<ModelSpec> swin_models() {
  constexpr SwinVersion v1 = SwinVersion::v1, v2 = SwinVersion::v2;
  constexpr std::array<std::int64_t, 4> of7 = {7, 7, 7, 7}, of8 = {8, 8, 8, 8}, of12 = {12, 12, 12, 12},
                                        s3 = {7, 7, 14, 7}, s3_small = {14, 14, 14, 7},
                                        from12 = {12, 12, 12, 6};
  constexpr std::array<int, 4> tiny = {2, 2, 6, 2}, deep = {2, 2, 18, 2}, deeper = {2, 2, 30, 2};
  std::vector<ModelSpec> models = {
      swin("swin_t", 28'288'354, {v1, of7, tiny, 96, 0.2}, "swin_tiny_patch4_window7_224"),
      swin("swin_s", 49'606'258, {v1, of7, deep, 96, 0.3}, "swin_small_patch4_window7_224"),
      swin("swin_b", 87'768'224, {v1, of7, deep, 128, 0.5}, "swin_base_patch4_window7_224"),
      swin("swin_v2_t", 28'351'570, {v2, of8, tiny, 96, 0.2}, "swinv2_tiny_window8_256"),
      swin("swin_v2_s", 49'737'442, {v2, of8, deep, 96, 0.3}, "swinv2_small_window8_256"),
      swin("swin_v2_b", 87'930'848, {v2, of8, deep, 128, 0.5}, "swinv2_base_window8_256"),
      timm_swin("swin_base_patch4_window12_384", 87'903'584, {v1, of12, deep, 128, 0.1}),
      timm_swin("swin_large_patch4_window7_224", 196'532'476, {v1, of7, deep, 192, 0.1}),
      timm_swin("swin_large_patch4_window12_384", 196'735'516, {v1, of12, deep, 192, 0.1}),
      timm_swin("swin_s3_tiny_224", 28'328'674, {v1, s3, tiny, 96, 0.1}),
      timm_swin("swin_s3_small_224", 49'737'298, {v1, s3_small, deep, 96, 0.1}),
      timm_swin("swin_s3_base_224", 71'125'762, {v1, s3, deeper, 96, 0.1}),
      timm_swin_v2("swinv2_tiny_window16_256", 28'347'154, 256, 16, tiny, 96),
      timm_swin_v2("swinv2_small_window16_256", 49'728'418, 256, 16, deep, 96),
      timm_swin_v2("swinv2_base_window16_256", 87'918'816, 256, 16, deep, 128),
      timm_swin_v2("swinv2_base_window12_192", 87'918'816, 192, 12, deep, 128),
      timm_swin_v2("swinv2_base_window12to16_192to256", 87'918'816, 256, 16, deep, 128, from12),
      timm_swin_v2("swinv2_base_window12to24_192to384", 87'918'816, 384, 24, deep, 128, from12),
      timm_swin_v2("swinv2_large_window12_192", 196'739'932, 192, 12, deep, 192),
      timm_swin_v2("swinv2_large_window12to16_192to256", 196'739'932, 256, 16, deep, 192, from12),
      timm_swin_v2("swinv2_large_window12to24_192to384", 196'739'932, 384, 24, deep, 192, from12),
  };
  set_twins(models);
  return models;
}

}  // namespace graft
