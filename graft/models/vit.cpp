// Vision transformers (Dosovitskiy et al., arXiv:2010.11929). Parameter names, order and initialisation are
// those of torchvision.models.vision_transformer.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

constexpr double vit_eps = 1e-6;  // of its layer norms
constexpr int default_side = 224;
constexpr const char* position_name = "encoder.pos_embedding";

struct VitShape {
  std::int64_t patch = 16;  // pixels of a side
  std::int64_t depth = 0, heads = 0, width = 0;
};

// Attention and a perceptron, each after a layer norm and with a shortcut.
class VitBlockImpl : public torch::nn::Module {
 public:
  explicit VitBlockImpl(const VitShape& shape) {
    norm1_ = register_module("ln_1", layer_norm(shape.width, vit_eps));
    attention_ = register_module("self_attention", Attention(AttentionOptions{.dim = shape.width,
                                                                              .heads = shape.heads,
                                                                              .qkv = "in_proj",
                                                                              .project = "out_proj",
                                                                              .own_qkv = true}));
    norm2_ = register_module("ln_2", layer_norm(shape.width, vit_eps));
    mlp_ = register_module(
        "mlp", Mlp(MlpOptions{.dim = shape.width, .hidden = 4 * shape.width, .first = "0", .second = "3"}));
  }

  torch::Tensor forward(const torch::Tensor& tokens) {
    const torch::Tensor x = tokens + attention_(norm1_(tokens));
    return x + mlp_(norm2_(x));
  }

 private:
  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
  Attention attention_{nullptr};
  Mlp mlp_{nullptr};
};
TORCH_MODULE(VitBlock);

class VisionTransformer : public Network {
 public:
  // side: pixels of the images.
  VisionTransformer(const VitShape& shape, std::int64_t side, std::int64_t classes)
      : Network("VisionTransformer"), shape_(shape), side_(side) {
    const std::int64_t patches = side / shape.patch;
    class_token_ = register_parameter("class_token", torch::zeros({1, 1, shape.width}));
    patches_ = register_module("conv_proj", patch_conv(3, shape.width, shape.patch));
    auto& encoder = *register_module("encoder", std::make_shared<torch::nn::Module>("encoder"));
    positions_ =
        encoder.register_parameter("pos_embedding", torch::empty({1, 1 + patches * patches, shape.width}));
    for (std::int64_t i = 0; i < shape.depth; ++i)
      blocks_.push_back(add_layer(encoder, "layers.encoder_layer_" + std::to_string(i), VitBlock(shape)));
    norm_ = encoder.register_module("ln", layer_norm(shape.width, vit_eps));
    add_head("heads.head", shape.width, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return forward_tail(forward_body(images));
  }
  torch::Tensor forward_body(const torch::Tensor& images) override {
    check_side(name(), images, side_);
    torch::Tensor x = with_prefix({class_token_}, tokens_of(patches_(images))) + positions_;
    for (std::size_t i = 0; i + 1 < blocks_.size(); ++i) x = blocks_[i](x);
    return x;
  }
  torch::Tensor forward_tail(const torch::Tensor& body) override { return norm_(blocks_.back()(body)); }

  FeatureInfo feature_info() const override {
    return {.kind = FeatureKind::tokens, .dim = shape_.width, .reduction = shape_.patch, .prefix_tokens = 1};
  }
  std::set<std::string> no_weight_decay() const override { return {"class_token", position_name}; }

  void init() {
    const torch::NoGradGuard no_gradients;
    const double fan_in = 3.0 * static_cast<double>(shape_.patch * shape_.patch);
    patches_->weight.normal_(0, std::sqrt(1 / fan_in));
    patches_->bias.zero_();
    positions_.normal_(0, 0.02);
    head()->weight.zero_();
    head()->bias.zero_();
    for (const auto& module : modules()) {
      if (const auto* mlp = module->as<Mlp>()) {
        for (const auto& item : mlp->named_parameters()) {
          item.value().dim() == 2 ? torch::nn::init::xavier_uniform_(item.value())
                                  : item.value().normal_(0, 1e-6);
        }
      }
      if (const auto* attention = module->as<Attention>()) {
        torch::nn::init::xavier_uniform_(attention->qkv()->weight);
        attention->qkv()->bias.zero_();
        init_by_fan_in(*attention->project());
        attention->project()->bias.zero_();
      }
    }
  }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<VisionTransformer>(shape_, side_, head()->weight.size(0));
  }

 private:
  VitShape shape_;
  std::int64_t side_;
  torch::Tensor class_token_, positions_;
  Conv patches_{nullptr};
  std::vector<VitBlock> blocks_;
  torch::nn::LayerNorm norm_{nullptr};
};

// Files from before torchvision 0.13 have other names for the perceptron's layers.
void rename_layers(StateDict& state) {
  constexpr std::string_view before = ".mlp.linear_";
  for (NamedTensor& each : state.tensors) {
    const std::size_t at = each.name.find(before), number = at + before.size();
    if (at == std::string::npos || number >= each.name.size()) continue;
    each.name.replace(at, before.size() + 1, each.name[number] == '1' ? ".mlp.0" : ".mlp.3");
  }
}

NetworkPtr make_vit(const VitShape& shape, const NetworkOptions& options) {
  const std::int64_t side = side_for_patches(options, default_side, shape.patch);
  auto network = std::make_shared<VisionTransformer>(shape, side, options.classes);
  if (options.init == Init::random) network->init();
  return network;
}

ModelSpec vit(const std::string& name, std::int64_t parameters, const VitShape& shape) {
  ModelSpec spec = torchvision_model(name, "vit", parameters,
                                     [shape](const NetworkOptions& o) { return make_vit(shape, o); });
  // Without weights, torchvision builds each network for this size, also where the default weights are
  // larger.
  const auto usual =
      std::find_if(spec.pretrained.begin(), spec.pretrained.end(),
                   [](const PretrainedWeights& each) { return each.preprocess.crop == default_side; });
  spec.preprocess = usual->preprocess;
  spec.python_network = "torchvision.models." + name + "(num_classes={}, image_size={size})";
  spec.adapt = [](StateDict& state, const Network& network, std::vector<std::string>& notes) {
    rename_layers(state);
    adapt_positions(state, network, position_name, /*prefix_tokens=*/1, PositionResize::corners, notes);
  };
  return spec;
}

}  // namespace

std::vector<ModelSpec> vit_models() {
  return {
      vit("vit_b_16", 86'567'656, {16, 12, 12, 768}),   vit("vit_b_32", 88'224'232, {32, 12, 12, 768}),
      vit("vit_l_16", 304'326'632, {16, 24, 16, 1024}), vit("vit_l_32", 306'535'400, {32, 24, 16, 1024}),
      vit("vit_h_14", 632'045'800, {14, 32, 16, 1280}),
  };
}

}  // namespace graft
