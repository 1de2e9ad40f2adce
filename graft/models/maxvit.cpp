// MaxViT (Tu et al., arXiv:2204.01697). Parameter names, order and initialisation are those of
// torchvision.models.maxvit.
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

constexpr NormOptions maxvit_norm = {NormKind::batch, 1e-3, 0.01};
constexpr std::int64_t maxvit_window = 7;  // positions of a side
constexpr std::int64_t maxvit_head_width = 32;

torch::nn::BatchNorm2d maxvit_batch_norm(std::int64_t channels) {
  return torch::nn::BatchNorm2d(
      torch::nn::BatchNorm2dOptions(channels).eps(maxvit_norm.eps).momentum(maxvit_norm.momentum));
}

// An inverted residual with a batch norm before it (MBConv): a 1×1 expansion, a depthwise 3×3,
// squeeze-and-excitation and a 1×1 projection.
class MaxVitConvImpl : public torch::nn::Module {
 public:
  MaxVitConvImpl(std::int64_t in, std::int64_t out, std::int64_t stride, double drop_rate) {
    const std::int64_t middle = 4 * out, squeezed = out / 4;
    if (stride != 1)
      shortcut_ = add_layer(*this, "proj.1", Conv(ConvOptions{.in = in, .out = out, .bias = true}));
    norm_ = add_layer(*this, "layers.pre_norm", maxvit_batch_norm(in));
    expand_ = add_conv(*this, "layers.conv_a.0", Conv(ConvOptions{.in = in, .out = middle}),
                       "layers.conv_a.1", maxvit_norm);
    depthwise_ = add_conv(
        *this, "layers.conv_b.0",
        Conv(ConvOptions{.in = middle, .out = middle, .kernel = 3, .stride = stride, .groups = middle}),
        "layers.conv_b.1", maxvit_norm);
    excite_ = add_layer(*this, "layers.squeeze_excitation",
                        SqueezeExcite(SqueezeExciteOptions{
                            .channels = middle, .squeezed = squeezed, .activation = Activation::silu}));
    project_ = add_layer(*this, "layers.conv_c", Conv(ConvOptions{.in = middle, .out = out, .bias = true}));
    drop_path_ = register_module("drop_path", DropPath(drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor shortcut =
        shortcut_ ? shortcut_(torch::avg_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1)) : x;
    const torch::Tensor y = excite_(depthwise_(expand_(norm_(x), Activation::gelu), Activation::gelu));
    return drop_path_->drops() ? drop_path_->add(shortcut, project_(y))
                               : project_(y, Activation::none, shortcut);
  }

 private:
  Conv shortcut_{nullptr}, expand_{nullptr}, depthwise_{nullptr}, project_{nullptr};
  torch::nn::BatchNorm2d norm_{nullptr};
  SqueezeExcite excite_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(MaxVitConv);

// window: attention among neighbours, in windows. grid: among the positions of a coarse grid over the map, as
// many as a window has.
enum class Partition { window, grid };

// Attention and a perceptron, each after a layer norm and with a shortcut.
class MaxVitAttentionImpl : public torch::nn::Module {
 public:
  MaxVitAttentionImpl(Partition partition, std::int64_t dim, double drop_rate) : partition_(partition) {
    const AttentionOptions options{.dim = dim,
                                   .heads = dim / maxvit_head_width,
                                   .scale = 1 / std::sqrt(static_cast<double>(dim)),
                                   .qkv = "to_qkv",
                                   .project = "merge"};
    norm1_ = add_layer(*this, "attn_layer.0", layer_norm(dim));
    attention_ = add_layer(*this, "attn_layer.1",
                           WindowAttention(options, WindowOptions{.side = maxvit_window,
                                                                  .index = WindowOptions::Index::square}));
    norm2_ = add_layer(*this, "mlp_layer.0", layer_norm(dim));
    expand_ = add_layer(*this, "mlp_layer.1", Dense(dim, 4 * dim));
    project_ = add_layer(*this, "mlp_layer.3", Dense(4 * dim, dim));
    drop_path_ = register_module("drop_path", DropPath(drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& maps) {
    const std::int64_t n = maps.size(0), c = maps.size(1), height = maps.size(2), width = maps.size(3);
    const bool is_grid = partition_ == Partition::grid;
    // The cells of the coarse grid are windows too, and the tokens at the same place of each attend to each
    // other.
    const std::int64_t rows = is_grid ? height / maxvit_window : maxvit_window;
    const std::int64_t columns = is_grid ? width / maxvit_window : maxvit_window;
    torch::Tensor x = to_windows(maps.permute({0, 2, 3, 1}), rows, columns).view({n, -1, rows * columns, c});
    if (is_grid) x = x.transpose(1, 2);
    x = drop_path_->add(x, attention_(norm1_(x).flatten(0, 1)).view_as(x));
    x = drop_path_->add(x, project_(expand_(norm2_(x), Activation::gelu)));
    if (is_grid) x = x.transpose(1, 2);
    return from_windows(x.flatten(0, 1), rows, columns, height, width).permute({0, 3, 1, 2});
  }

 private:
  Partition partition_;
  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
  WindowAttention attention_{nullptr};
  Dense expand_{nullptr}, project_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(MaxVitAttention);

class MaxVitLayerImpl : public torch::nn::Module {
 public:
  MaxVitLayerImpl(std::int64_t in, std::int64_t out, std::int64_t stride, double drop_rate) {
    conv_ = add_layer(*this, "layers.MBconv", MaxVitConv(in, out, stride, drop_rate));
    window_ = add_layer(*this, "layers.window_attention", MaxVitAttention(Partition::window, out, drop_rate));
    grid_ = add_layer(*this, "layers.grid_attention", MaxVitAttention(Partition::grid, out, drop_rate));
  }
  torch::Tensor forward(const torch::Tensor& x) { return grid_(window_(conv_(x))); }

 private:
  MaxVitConv conv_{nullptr};
  MaxVitAttention window_{nullptr}, grid_{nullptr};
};
TORCH_MODULE(MaxVitLayer);

struct MaxVitShape {
  std::array<int, 4> depths = {};           // layers of each block
  std::array<std::int64_t, 4> widths = {};  // their channels
  std::int64_t stem = 64;
  double drop_path = 0;  // stochastic depth of the last layer
};

// Whether windows divide the maps of each block for images of so many pixels.
bool fits_windows(std::int64_t side) {
  const auto halved = [](std::int64_t size) { return (size + 1) / 2; };
  side = halved(side);  // by the stem
  for (int block = 0; block < 4; ++block) {
    side = halved(side);
    if (side == 0 || side % maxvit_window != 0) return false;
  }
  return true;
}

void check_maxvit_size(const std::string& where, std::int64_t height, std::int64_t width) {
  if (fits_windows(height) && fits_windows(width)) return;
  throw UsageError(where,
                   "the maps of images of " + std::to_string(height) + " × " + std::to_string(width) +
                       " pixels are not divisible into the windows of MaxViT",
                   "use a multiple of 224 for both sides");
}

class MaxVit : public Network {
 public:
  MaxVit(const MaxVitShape& shape, std::int64_t classes) : Network("MaxViT"), shape_(shape) {
    stem1_ =
        add_conv(*this, "stem.0.0", Conv(ConvOptions{.in = 3, .out = shape.stem, .kernel = 3, .stride = 2}),
                 "stem.0.1", maxvit_norm);
    stem2_ = add_layer(*this, "stem.1.0",
                       Conv(ConvOptions{.in = shape.stem, .out = shape.stem, .kernel = 3, .bias = true}));
    int layers = -1;  // less one
    for (const int depth : shape.depths) layers += depth;
    std::int64_t channels = shape.stem;
    for (std::size_t block = 0; block < shape.depths.size(); ++block) {
      for (int i = 0; i < shape.depths[block]; ++i) {
        const double drop_rate = shape.drop_path * static_cast<double>(layers_.size()) / layers;
        layers_.push_back(add_layer(*this, "blocks." + std::to_string(block) + ".layers." + std::to_string(i),
                                    MaxVitLayer(channels, shape.widths[block], i == 0 ? 2 : 1, drop_rate)));
        channels = shape.widths[block];
      }
    }
    norm_ = add_layer(*this, "classifier.2", layer_norm(channels));
    hidden_ = add_layer(*this, "classifier.3", Dense(channels, channels));
    add_layer(*this, "classifier.5",
              torch::nn::Linear(torch::nn::LinearOptions(channels, classes).bias(false)));
    head_is("classifier.5");
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_maxvit_size("images", images.size(2), images.size(3));
    torch::Tensor x = stem2_(stem1_(images, Activation::gelu));
    for (MaxVitLayer& layer : layers_) x = layer(x);
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = shape_.widths.back(), .reduction = 32}; }

  std::set<std::string> no_weight_decay() const override {
    std::set<std::string> names;
    for (const auto& item : named_parameters()) {
      if (item.key().ends_with("relative_position_bias_table")) names.insert(item.key());
    }
    return names;
  }

  void init() {
    constexpr double deviation = 0.02;
    init_normal(*this, deviation);
    for (const auto& item : named_parameters()) {
      if (item.key().ends_with("relative_position_bias_table"))
        torch::nn::init::normal_(item.value(), 0, deviation);
    }
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    return hidden_(norm_(Network::pool(features))).tanh();
  }
  NetworkPtr make_alike() const override { return std::make_shared<MaxVit>(shape_, head()->weight.size(0)); }

 private:
  MaxVitShape shape_;
  Conv stem1_{nullptr}, stem2_{nullptr};
  std::vector<MaxVitLayer> layers_;
  torch::nn::LayerNorm norm_{nullptr};
  Dense hidden_{nullptr};
};

ModelSpec maxvit(const std::string& name, std::int64_t parameters, const MaxVitShape& shape) {
  ModelSpec spec =
      torchvision_model(name, "maxvit", parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
        if (o.input_size != 0) check_maxvit_size("`input_size`", o.input_size, o.input_size);
        auto network = std::make_shared<MaxVit>(shape, o.classes);
        if (o.init == Init::random) network->init();
        return network;
      });
  spec.python_network = "torchvision.models." + name + "(num_classes={}, input_size=({size}, {size}))";
  return spec;
}

}  // namespace

std::vector<ModelSpec> maxvit_models() {
  return {maxvit("maxvit_t", 30'919'624, {{2, 2, 5, 2}, {64, 128, 256, 512}, 64, 0.2})};
}

}  // namespace graft
