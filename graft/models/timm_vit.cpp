// timm's vision transformers: ViT (Dosovitskiy et al., arXiv:2010.11929), DeiT (arXiv:2012.12877) and DeiT
// III (arXiv:2204.07118), DINO, DINOv2 with and without registers (arXiv:2304.07193, arXiv:2309.16588), the
// image towers of CLIP and SigLIP (arXiv:2303.15343). Parameter names, order and initialisation are those of
// timm.models.vision_transformer.
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

// From the tokens to one vector: the class token; the mean of the others; or attention of a learned query to
// them (LatentPool).
enum class VitPool { token, mean, map };

struct TimmVitShape {
  std::int64_t side = 224, patch = 16;  // pixels of the images for which the weights are, and of a patch
  std::int64_t width = 768, depth = 12, heads = 12;
  std::int64_t hidden = 0;  // values within the perceptrons; 0: 4 · width
  bool qkv_bias = true;
  VitPool pool = VitPool::token;
  bool norm_after_pool = false;  // the last layer norm
  bool class_token = true;
  std::int64_t registers = 0;
  bool prefix_positions = true;  // the class token and the registers have position embeddings
  bool norm_before = false;      // a layer norm before the first block; the patches then have no bias
  double layer_scale = 0;        // its initial value; 0: none
  Activation activation = Activation::gelu;
  bool gated = false;
  double eps = 1e-6;

  std::int64_t prefix() const { return (class_token ? 1 : 0) + registers; }
  std::int64_t prefix_embedded() const { return prefix_positions ? prefix() : 0; }
};

MlpOptions perceptron(const TimmVitShape& shape) {
  return {.dim = shape.width,
          .hidden = shape.hidden == 0 ? 4 * shape.width : shape.hidden,
          .activation = shape.activation,
          .gated = shape.gated};
}

// Attention and a perceptron, each after a layer norm, with a shortcut and optionally a scale.
class TimmVitBlockImpl : public torch::nn::Module {
 public:
  explicit TimmVitBlockImpl(const TimmVitShape& shape) {
    norm1_ = register_module("norm1", layer_norm(shape.width, shape.eps));
    attention_ = register_module(
        "attn",
        Attention(AttentionOptions{.dim = shape.width, .heads = shape.heads, .qkv_bias = shape.qkv_bias}));
    if (shape.layer_scale != 0) scale1_ = register_module("ls1", LayerScale(shape.width));
    norm2_ = register_module("norm2", layer_norm(shape.width, shape.eps));
    mlp_ = register_module("mlp", Mlp(perceptron(shape)));
    if (shape.layer_scale != 0) scale2_ = register_module("ls2", LayerScale(shape.width));
  }

  torch::Tensor forward(const torch::Tensor& tokens) {
    const torch::Tensor x = tokens + scaled(scale1_, attention_(norm1_(tokens)));
    return x + scaled(scale2_, mlp_(norm2_(x)));
  }

 private:
  static torch::Tensor scaled(LayerScale& scale, const torch::Tensor& x) { return scale ? scale(x) : x; }

  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
  Attention attention_{nullptr};
  Mlp mlp_{nullptr};
  LayerScale scale1_{nullptr}, scale2_{nullptr};
};
TORCH_MODULE(TimmVitBlock);

// Attention of one learned query to all tokens, then a perceptron with a shortcut: timm's
// AttentionPoolLatent, of SigLIP.
class LatentPoolImpl : public torch::nn::Module {
 public:
  explicit LatentPoolImpl(const TimmVitShape& shape) : heads_(shape.heads) {
    latent = register_parameter("latent", torch::empty({1, 1, shape.width}));
    query_ = register_module("q", Dense(shape.width, shape.width));
    keys_values_ = register_module("kv", Dense(shape.width, 2 * shape.width));
    project_ = register_module("proj", Dense(shape.width, shape.width));
    norm_ = register_module("norm", layer_norm(shape.width, shape.eps));
    mlp_ = register_module("mlp", Mlp(perceptron(shape)));
  }

  // N×T×width → N×width
  torch::Tensor forward(const torch::Tensor& tokens) {
    const std::int64_t n = tokens.size(0), width = tokens.size(2);
    const torch::Tensor queries =
        query_(latent.expand({n, 1, width})).view({n, 1, heads_, width / heads_}).transpose(1, 2);
    const torch::Tensor parts =
        keys_values_(tokens).view({n, tokens.size(1), 2, heads_, width / heads_}).permute({2, 0, 3, 1, 4});
    const torch::Tensor mixed = torch::scaled_dot_product_attention(queries, parts[0], parts[1]);
    const torch::Tensor x = project_(mixed.transpose(1, 2).reshape({n, width}));
    return x + mlp_(norm_(x));
  }

  torch::Tensor latent;  // 1×1×width

 private:
  std::int64_t heads_;
  Dense query_{nullptr}, keys_values_{nullptr}, project_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
  Mlp mlp_{nullptr};
};
TORCH_MODULE(LatentPool);

// Normal around 0, without values beyond twice the deviation.
void init_truncated(torch::Tensor& values, double deviation) {
  const double within = std::erf(std::numbers::sqrt2);  // the share of such values
  values.uniform_(-within, within).erfinv_().mul_(std::numbers::sqrt2 * deviation);
}

class TimmVit : public Network {
 public:
  // side: pixels of the images.
  TimmVit(const TimmVitShape& shape, std::int64_t side, std::int64_t classes)
      : Network("VisionTransformer"), shape_(shape), side_(side) {
    const std::int64_t places = (side / shape.patch) * (side / shape.patch);
    if (shape.class_token) class_token_ = register_parameter("cls_token", torch::empty({1, 1, shape.width}));
    if (shape.registers > 0)
      registers_ = register_parameter("reg_token", torch::empty({1, shape.registers, shape.width}));
    positions_ =
        register_parameter("pos_embed", torch::empty({1, places + shape.prefix_embedded(), shape.width}));
    patches_ = add_layer(*this, "patch_embed.proj",
                         patch_conv(3, shape.width, shape.patch, /*bias=*/!shape.norm_before));
    if (shape.norm_before) norm_before_ = register_module("norm_pre", layer_norm(shape.width, shape.eps));
    for (std::int64_t i = 0; i < shape.depth; ++i)
      blocks_.push_back(add_layer(*this, "blocks." + std::to_string(i), TimmVitBlock(shape)));
    if (!shape.norm_after_pool) norm_ = register_module("norm", layer_norm(shape.width, shape.eps));
    if (shape.pool == VitPool::map) latent_pool_ = register_module("attn_pool", LatentPool(shape));
    if (shape.norm_after_pool) norm_ = register_module("fc_norm", layer_norm(shape.width, shape.eps));
    add_head("head", shape.width, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return forward_tail(forward_body(images));
  }
  torch::Tensor forward_body(const torch::Tensor& images) override {
    check_side(name(), images, side_);
    torch::Tensor x = tokens_of(patches_(images));
    if (!shape_.prefix_positions) x = x + positions_;
    x = with_prefix({class_token_, registers_}, x);
    if (shape_.prefix_positions) x = x + positions_;
    if (norm_before_) x = norm_before_(x);
    for (std::size_t i = 0; i < body_blocks(); ++i) x = blocks_[i](x);
    return x;
  }
  torch::Tensor forward_tail(const torch::Tensor& body) override {
    torch::Tensor x = body;
    for (std::size_t i = body_blocks(); i < blocks_.size(); ++i) x = blocks_[i](x);
    return shape_.norm_after_pool ? x : norm_(x);
  }

  FeatureInfo feature_info() const override {
    return {.kind = FeatureKind::tokens,
            .dim = shape_.width,
            .reduction = shape_.patch,
            .prefix_tokens = shape_.prefix()};
  }
  std::set<std::string> no_weight_decay() const override { return own_parameters(*this); }

  void init() {
    const torch::NoGradGuard no_gradients;
    init_by_fan_in(*patches_);
    for (const TimmVitBlock& block : blocks_) init_normal(*block, 0.02);
    if (latent_pool_) init_normal(*latent_pool_, 0.02);
    init_normal(*head(), 0.02);
    for (const auto& module : modules()) {
      if (const auto* scale = module->as<LayerScaleImpl>()) scale->gamma.fill_(shape_.layer_scale);
    }
    positions_.normal_(0, 0.02);
    if (shape_.class_token) class_token_.normal_(0, 1e-6);
    if (shape_.registers > 0) registers_.normal_(0, 1e-6);
    if (latent_pool_) init_truncated(latent_pool_->latent, 1 / std::sqrt(static_cast<double>(shape_.width)));
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    if (shape_.pool == VitPool::token) return features.select(1, 0);
    const torch::Tensor places = features.narrow(1, shape_.prefix(), features.size(1) - shape_.prefix());
    const torch::Tensor pooled = latent_pool_ ? latent_pool_(places) : places.mean(1);
    return shape_.norm_after_pool ? norm_(pooled) : pooled;
  }

  NetworkPtr make_alike() const override {
    return std::make_shared<TimmVit>(shape_, side_, head()->weight.size(0));
  }

 private:
  // After the last block only the class token influences the logits, if the head reads it alone.
  std::size_t body_blocks() const {
    return shape_.pool == VitPool::token ? blocks_.size() - 1 : blocks_.size();
  }

  TimmVitShape shape_;
  std::int64_t side_;
  torch::Tensor class_token_, registers_, positions_;
  Conv patches_{nullptr};
  torch::nn::LayerNorm norm_before_{nullptr}, norm_{nullptr};
  std::vector<TimmVitBlock> blocks_;
  LatentPool latent_pool_{nullptr};
};

NetworkPtr make_timm_vit(const TimmVitShape& shape, const NetworkOptions& options) {
  const std::int64_t side = side_for_patches(options, shape.side, shape.patch);
  auto network = std::make_shared<TimmVit>(shape, side, options.classes);
  if (options.init == Init::random) network->init();
  return network;
}

ModelSpec timm_vit(const std::string& name, std::int64_t parameters, const TimmVitShape& shape) {
  ModelSpec spec = timm_model(name, "vit", parameters,
                              [shape](const NetworkOptions& o) { return make_timm_vit(shape, o); });
  spec.timm_pool = shape.pool == VitPool::token ? "token" : shape.pool == VitPool::map ? "map" : "avg";
  spec.python_network = "timm.create_model('" + name + "', num_classes={}, img_size={size})";
  spec.adapt = [shape](StateDict& state, const Network& network, std::vector<std::string>& notes) {
    adapt_positions(state, network, "pos_embed", shape.prefix_embedded(), PositionResize::antialiased, notes);
  };
  return spec;
}

// The models of CLIP exist with two kinds of GELU, which the tensors do not show.
std::vector<ModelSpec> with_twins(std::vector<ModelSpec> models) {
  for (ModelSpec& quick : models) {
    const std::size_t at = quick.name.find("_quickgelu");
    if (at == std::string::npos) continue;
    quick.twins = {std::string(quick.name).erase(at, std::string("_quickgelu").size())};
    for (ModelSpec& exact : models) {
      if (exact.name == quick.twins.front()) exact.twins = {quick.name};
    }
  }
  return models;
}

}  // namespace

// clang-format off
std::vector<ModelSpec> timm_vit_models() {
  return with_twins({
      timm_vit("vit_base_patch8_224", 86'576'872, {.side = 224, .patch = 8, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("vit_base_patch14_dinov2", 87'348'712, {.side = 518, .patch = 14, .width = 768, .depth = 12, .heads = 12, .layer_scale = 1e-05}),
      timm_vit("vit_base_patch14_reg4_dinov2", 87'351'016, {.side = 518, .patch = 14, .width = 768, .depth = 12, .heads = 12, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_base_patch16_224", 86'567'656, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("vit_base_patch16_224_miil", 86'540'008, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .qkv_bias = false}),
      timm_vit("vit_base_patch16_384", 86'859'496, {.side = 384, .patch = 16, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("vit_base_patch16_clip_224", 86'568'424, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch16_clip_quickgelu_224", 86'568'424, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .activation = Activation::quick_gelu, .eps = 1e-05}),
      timm_vit("vit_base_patch16_clip_384", 86'860'264, {.side = 384, .patch = 16, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch16_plus_clip_240", 117'537'384, {.side = 240, .patch = 16, .width = 896, .depth = 12, .heads = 14, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch16_siglip_224", 93'653'224, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_base_patch16_siglip_256", 93'699'304, {.side = 256, .patch = 16, .width = 768, .depth = 12, .heads = 12, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_base_patch16_siglip_384", 93'945'064, {.side = 384, .patch = 16, .width = 768, .depth = 12, .heads = 12, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_base_patch16_siglip_512", 94'289'128, {.side = 512, .patch = 16, .width = 768, .depth = 12, .heads = 12, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_base_patch32_224", 88'224'232, {.side = 224, .patch = 32, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("vit_base_patch32_384", 88'297'192, {.side = 384, .patch = 32, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("vit_base_patch32_clip_224", 88'225'000, {.side = 224, .patch = 32, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch32_clip_quickgelu_224", 88'225'000, {.side = 224, .patch = 32, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .activation = Activation::quick_gelu, .eps = 1e-05}),
      timm_vit("vit_base_patch32_clip_256", 88'236'520, {.side = 256, .patch = 32, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch32_clip_384", 88'297'960, {.side = 384, .patch = 32, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch32_clip_448", 88'337'896, {.side = 448, .patch = 32, .width = 768, .depth = 12, .heads = 12, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_base_patch32_siglip_256", 95'321'320, {.side = 256, .patch = 32, .width = 768, .depth = 12, .heads = 12, .pool = VitPool::map, .class_token = false, .activation = Activation::gelu_tanh}),
      timm_vit("vit_betwixt_patch16_reg1_gap_256", 60'396'520, {.side = 256, .patch = 16, .width = 640, .depth = 12, .heads = 10, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_betwixt_patch16_reg4_gap_256", 60'398'440, {.side = 256, .patch = 16, .width = 640, .depth = 12, .heads = 10, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_betwixt_patch16_reg4_gap_384", 60'603'240, {.side = 384, .patch = 16, .width = 640, .depth = 12, .heads = 10, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_betwixt_patch32_clip_224", 61'724'520, {.side = 224, .patch = 32, .width = 640, .depth = 12, .heads = 10, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_huge_patch14_224", 632'045'800, {.side = 224, .patch = 14, .width = 1280, .depth = 32, .heads = 16}),
      timm_vit("vit_huge_patch14_clip_224", 632'047'080, {.side = 224, .patch = 14, .width = 1280, .depth = 32, .heads = 16, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_huge_patch14_clip_quickgelu_224", 632'047'080, {.side = 224, .patch = 14, .width = 1280, .depth = 32, .heads = 16, .norm_before = true, .activation = Activation::quick_gelu, .eps = 1e-05}),
      timm_vit("vit_huge_patch14_clip_336", 632'456'680, {.side = 336, .patch = 14, .width = 1280, .depth = 32, .heads = 16, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_huge_patch14_clip_378", 632'652'520, {.side = 378, .patch = 14, .width = 1280, .depth = 32, .heads = 16, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_huge_patch14_clip_quickgelu_378", 632'652'520, {.side = 378, .patch = 14, .width = 1280, .depth = 32, .heads = 16, .norm_before = true, .activation = Activation::quick_gelu, .eps = 1e-05}),
      timm_vit("vit_large_patch14_clip_224", 304'204'776, {.side = 224, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_large_patch14_clip_quickgelu_224", 304'204'776, {.side = 224, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .norm_before = true, .activation = Activation::quick_gelu, .eps = 1e-05}),
      timm_vit("vit_large_patch14_clip_336", 304'532'456, {.side = 336, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_large_patch14_clip_quickgelu_336", 304'532'456, {.side = 336, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .norm_before = true, .activation = Activation::quick_gelu, .eps = 1e-05}),
      timm_vit("vit_large_patch14_dinov2", 305'392'616, {.side = 518, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .layer_scale = 1e-05}),
      timm_vit("vit_large_patch14_reg4_dinov2", 305'395'688, {.side = 518, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_large_patch16_224", 304'326'632, {.side = 224, .patch = 16, .width = 1024, .depth = 24, .heads = 16}),
      timm_vit("vit_large_patch16_384", 304'715'752, {.side = 384, .patch = 16, .width = 1024, .depth = 24, .heads = 16}),
      timm_vit("vit_large_patch16_siglip_256", 316'981'224, {.side = 256, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_large_patch16_siglip_384", 317'308'904, {.side = 384, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_large_patch16_siglip_512", 317'767'656, {.side = 512, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .pool = VitPool::map, .class_token = false, .activation = Activation::gelu_tanh}),
      timm_vit("vit_large_patch32_224", 306'535'400, {.side = 224, .patch = 32, .width = 1024, .depth = 24, .heads = 16}),
      timm_vit("vit_large_patch32_384", 306'632'680, {.side = 384, .patch = 32, .width = 1024, .depth = 24, .heads = 16}),
      timm_vit("vit_little_patch16_reg1_gap_256", 22'515'048, {.side = 256, .patch = 16, .width = 320, .depth = 14, .heads = 5, .hidden = 1792, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_little_patch16_reg4_gap_256", 22'516'008, {.side = 256, .patch = 16, .width = 320, .depth = 14, .heads = 5, .hidden = 1792, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_medium_patch16_clip_224", 38'838'248, {.side = 224, .patch = 16, .width = 512, .depth = 12, .heads = 8, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_medium_patch16_gap_240", 38'845'416, {.side = 240, .patch = 16, .width = 512, .depth = 12, .heads = 8, .qkv_bias = false, .pool = VitPool::mean, .class_token = false, .layer_scale = 1e-06}),
      timm_vit("vit_medium_patch16_gap_256", 38'861'288, {.side = 256, .patch = 16, .width = 512, .depth = 12, .heads = 8, .qkv_bias = false, .pool = VitPool::mean, .class_token = false, .layer_scale = 1e-06}),
      timm_vit("vit_medium_patch16_gap_384", 39'025'128, {.side = 384, .patch = 16, .width = 512, .depth = 12, .heads = 8, .qkv_bias = false, .pool = VitPool::mean, .class_token = false, .layer_scale = 1e-06}),
      timm_vit("vit_medium_patch16_reg1_gap_256", 38'880'232, {.side = 256, .patch = 16, .width = 512, .depth = 12, .heads = 8, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_medium_patch16_reg4_gap_256", 38'881'768, {.side = 256, .patch = 16, .width = 512, .depth = 12, .heads = 8, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_medium_patch32_clip_224", 39'942'632, {.side = 224, .patch = 32, .width = 512, .depth = 12, .heads = 8, .norm_before = true, .eps = 1e-05}),
      timm_vit("vit_mediumd_patch16_reg4_gap_256", 64'109'032, {.side = 256, .patch = 16, .width = 512, .depth = 20, .heads = 8, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_mediumd_patch16_reg4_gap_384", 64'272'872, {.side = 384, .patch = 16, .width = 512, .depth = 20, .heads = 8, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_small_patch8_224", 22'055'272, {.side = 224, .patch = 8, .width = 384, .depth = 12, .heads = 6}),
      timm_vit("vit_small_patch14_dinov2", 22'441'192, {.side = 518, .patch = 14, .width = 384, .depth = 12, .heads = 6, .layer_scale = 1e-05}),
      timm_vit("vit_small_patch14_reg4_dinov2", 22'442'344, {.side = 518, .patch = 14, .width = 384, .depth = 12, .heads = 6, .registers = 4, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_small_patch16_224", 22'050'664, {.side = 224, .patch = 16, .width = 384, .depth = 12, .heads = 6}),
      timm_vit("vit_small_patch16_384", 22'196'584, {.side = 384, .patch = 16, .width = 384, .depth = 12, .heads = 6}),
      timm_vit("vit_small_patch32_224", 22'878'952, {.side = 224, .patch = 32, .width = 384, .depth = 12, .heads = 6}),
      timm_vit("vit_small_patch32_384", 22'915'432, {.side = 384, .patch = 32, .width = 384, .depth = 12, .heads = 6}),
      timm_vit("vit_so150m2_patch16_reg1_gap_256", 136'059'560, {.side = 256, .patch = 16, .width = 832, .depth = 21, .heads = 13, .hidden = 2176, .qkv_bias = false, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .layer_scale = 1e-05}),
      timm_vit("vit_so150m2_patch16_reg1_gap_384", 136'325'800, {.side = 384, .patch = 16, .width = 832, .depth = 21, .heads = 13, .hidden = 2176, .qkv_bias = false, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .layer_scale = 1e-05}),
      timm_vit("vit_so150m2_patch16_reg1_gap_448", 136'498'856, {.side = 448, .patch = 16, .width = 832, .depth = 21, .heads = 13, .hidden = 2176, .qkv_bias = false, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .layer_scale = 1e-05}),
      timm_vit("vit_so150m_patch16_reg4_gap_256", 134'131'560, {.side = 256, .patch = 16, .width = 896, .depth = 18, .heads = 14, .hidden = 2304, .pool = VitPool::mean, .class_token = false, .registers = 4}),
      timm_vit("vit_so150m_patch16_reg4_gap_384", 134'418'280, {.side = 384, .patch = 16, .width = 896, .depth = 18, .heads = 14, .hidden = 2304, .pool = VitPool::mean, .class_token = false, .registers = 4}),
      timm_vit("vit_so400m_patch14_siglip_224", 428'833'704, {.side = 224, .patch = 14, .width = 1152, .depth = 27, .heads = 16, .hidden = 4304, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_so400m_patch14_siglip_378", 429'378'600, {.side = 378, .patch = 14, .width = 1152, .depth = 27, .heads = 16, .hidden = 4304, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_so400m_patch14_siglip_384", 429'378'600, {.side = 384, .patch = 14, .width = 1152, .depth = 27, .heads = 16, .hidden = 4304, .pool = VitPool::map, .class_token = false}),
      timm_vit("vit_so400m_patch16_siglip_256", 429'041'064, {.side = 256, .patch = 16, .width = 1152, .depth = 27, .heads = 16, .hidden = 4304, .pool = VitPool::map, .class_token = false, .activation = Activation::gelu_tanh}),
      timm_vit("vit_so400m_patch16_siglip_384", 429'409'704, {.side = 384, .patch = 16, .width = 1152, .depth = 27, .heads = 16, .hidden = 4304, .pool = VitPool::map, .class_token = false, .activation = Activation::gelu_tanh}),
      timm_vit("vit_so400m_patch16_siglip_512", 429'925'800, {.side = 512, .patch = 16, .width = 1152, .depth = 27, .heads = 16, .hidden = 4304, .pool = VitPool::map, .class_token = false, .activation = Activation::gelu_tanh}),
      timm_vit("vit_tiny_patch16_224", 5'717'416, {.side = 224, .patch = 16, .width = 192, .depth = 12, .heads = 3}),
      timm_vit("vit_tiny_patch16_384", 5'790'376, {.side = 384, .patch = 16, .width = 192, .depth = 12, .heads = 3}),
      timm_vit("vit_wee_patch16_reg1_gap_256", 13'422'568, {.side = 256, .patch = 16, .width = 256, .depth = 14, .heads = 4, .hidden = 1280, .pool = VitPool::mean, .norm_after_pool = true, .class_token = false, .registers = 1, .prefix_positions = false, .layer_scale = 1e-05}),
      timm_vit("vit_xsmall_patch16_clip_224", 8'402'920, {.side = 224, .patch = 16, .width = 256, .depth = 10, .heads = 4, .norm_before = true, .eps = 1e-05}),
      timm_vit("deit3_base_patch16_224", 86'585'320, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_base_patch16_384", 86'877'160, {.side = 384, .patch = 16, .width = 768, .depth = 12, .heads = 12, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_huge_patch14_224", 632'126'440, {.side = 224, .patch = 14, .width = 1280, .depth = 32, .heads = 16, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_large_patch16_224", 304'374'760, {.side = 224, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_large_patch16_384", 304'763'880, {.side = 384, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_medium_patch16_224", 38'849'512, {.side = 224, .patch = 16, .width = 512, .depth = 12, .heads = 8, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_small_patch16_224", 22'059'496, {.side = 224, .patch = 16, .width = 384, .depth = 12, .heads = 6, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit3_small_patch16_384", 22'205'416, {.side = 384, .patch = 16, .width = 384, .depth = 12, .heads = 6, .prefix_positions = false, .layer_scale = 1e-06}),
      timm_vit("deit_base_patch16_224", 86'567'656, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("deit_base_patch16_384", 86'859'496, {.side = 384, .patch = 16, .width = 768, .depth = 12, .heads = 12}),
      timm_vit("deit_small_patch16_224", 22'050'664, {.side = 224, .patch = 16, .width = 384, .depth = 12, .heads = 6}),
      timm_vit("deit_tiny_patch16_224", 5'717'416, {.side = 224, .patch = 16, .width = 192, .depth = 12, .heads = 3}),
  });
}
// clang-format on

}  // namespace graft
