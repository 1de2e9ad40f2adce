// timm's vision transformers with relative positions: DINOv3 (Siméoni et al., arXiv:2508.10104) and EVA-02
// (Fang et al., arXiv:2303.11331) rotate queries and keys, BEiT (Bao et al., arXiv:2106.08254; v2: Peng et
// al., arXiv:2208.06366) adds a bias to their products. Parameter names, order and initialisation are those
// of timm.models.eva and timm.models.beit.
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

// The perceptrons. packed: gate and values come from one layer; gated: from two.
enum class EvaMlp { plain, packed, gated };

// How attention knows the places of patches. centred, index: by a rotation of queries and keys, whose angles
// follow the distance from the image's centre, and the halves of a head's values form the pairs (DINOv3), or
// the place in the grid, and neighbours form the pairs (EVA-02). biases: by a learned bias for each offset
// (BEiT).
enum class Places { centred, index, biases };

struct EvaShape {
  std::int64_t side = 256, patch = 16;  // pixels of the images for which the weights are, and of a patch
  std::int64_t width = 384, depth = 12, heads = 6;
  std::int64_t hidden = 0;  // values within the perceptrons; 0: 4 · width
  EvaMlp mlp = EvaMlp::plain;
  Places places = Places::centred;
  bool qkv_bias = false;      // of queries and values; keys have none
  bool separate_qkv = false;  // three layers instead of one
  bool norm_in_mlp = false, norm_in_attention = false;
  bool token_pool = false;       // from the class token rather than the mean of the patches
  bool norm_after_pool = false;  // the last layer norm
  bool positions = false;        // learned position embeddings too
  std::int64_t registers = 4;
  double layer_scale = 1e-5;  // its initial value; 0: none
  double eps = 1e-5;

  std::int64_t prefix() const { return 1 + registers; }
  std::int64_t hidden_width() const { return hidden == 0 ? 4 * width : hidden; }
  // Whether the network is for images of one size.
  bool is_sized() const { return positions || places == Places::biases; }
};

// rows·columns × 2 × head_width: sine and cosine of the angle of each value at each place.
torch::Tensor rotary_angles(Places kind, std::int64_t rows, std::int64_t columns, std::int64_t head_width) {
  const std::int64_t bands = head_width / 4;
  const auto place = torch::arange(bands, torch::kFloat32) / static_cast<double>(bands);
  const bool centred = kind == Places::centred;
  const torch::Tensor frequencies =
      centred ? 2 * std::numbers::pi / torch::pow(100.0, place) : torch::pow(10000.0, -place);
  // EVA-02 was trained with 16 × 16 patches, to which other grids are scaled.
  const auto axis = [&](std::int64_t count) {
    const auto at = torch::arange(count, torch::kFloat32);
    const auto length = static_cast<double>(count);
    return centred ? (at + 0.5) / length * 2 - 1 : at / length * 16;
  };
  const auto grid = torch::meshgrid({axis(rows), axis(columns)}, "ij");
  const torch::Tensor places = torch::stack({grid[0], grid[1]}, -1).reshape({rows * columns, 2, 1});
  const torch::Tensor angles = (places * frequencies).flatten(1);
  const torch::Tensor values = torch::stack({angles.sin(), angles.cos()}, 1);
  return centred ? torch::cat({values, values}, -1) : values.repeat_interleave(2, -1);
}

// x: N×heads×T×head_width, of which the first `prefix` tokens have no place and do not change.
torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& angles, Places kind, std::int64_t prefix) {
  const torch::Tensor placed = x.slice(2, prefix);
  const torch::Tensor sine = angles.select(1, 0), cosine = angles.select(1, 1);
  torch::Tensor turned;
  if (kind == Places::centred) {
    const auto halves = placed.chunk(2, -1);
    turned = torch::cat({-halves[1], halves[0]}, -1);
  } else {
    const torch::Tensor pairs = placed.unflatten(-1, {-1, 2});
    turned = torch::stack({-pairs.select(-1, 1), pairs.select(-1, 0)}, -1).flatten(-2);
  }
  const torch::Tensor rotated = (placed * cosine + turned * sine).to(x.scalar_type());
  return torch::cat({x.slice(2, 0, prefix), rotated}, 2);
}

// The rows of BEiT's table after those for offsets: of the class token to patches, of patches to it, and to
// itself.
constexpr std::int64_t beit_class_rows = 3;
constexpr const char* beit_table = "relative_position_bias_table";

// table: ((2·side − 1)² + 3)×heads. Returns 1×heads×T×T for the class token and side × side patches.
torch::Tensor beit_biases(const torch::Tensor& table, std::int64_t side) {
  const std::int64_t offsets = table.size(0) - beit_class_rows, heads = table.size(1), patches = side * side;
  const auto row = [&](std::int64_t number) { return table[offsets + number].view({1, heads, 1, 1}); };
  const torch::Tensor of_patches = biases_of_pairs(table.slice(0, 0, offsets), side);
  const torch::Tensor first = torch::cat({row(2), row(0).expand({1, heads, 1, patches})}, 3);
  return torch::cat({first, torch::cat({row(1).expand({1, heads, patches, 1}), of_patches}, 3)}, 2);
}

class EvaAttentionImpl : public torch::nn::Module {
 public:
  // side: patches of a side, for Places::biases.
  EvaAttentionImpl(const EvaShape& shape, std::int64_t side) : shape_(shape), side_(side) {
    const std::int64_t width = shape.width;
    if (shape.separate_qkv) {
      queries_ = register_module("q_proj", Dense(width, width));
      keys_ = register_module("k_proj", Dense(width, width, /*bias=*/false));
      values_ = register_module("v_proj", Dense(width, width));
    } else {
      if (shape.qkv_bias) {
        query_bias_ = register_parameter("q_bias", torch::empty({width}));
        value_bias_ = register_parameter("v_bias", torch::empty({width}));
      }
      if (shape.places == Places::biases)
        biases_ = register_parameter(
            beit_table, torch::empty({(2 * side - 1) * (2 * side - 1) + beit_class_rows, shape.heads}));
      qkv_ = register_module("qkv", Dense(width, 3 * width, /*bias=*/false));
    }
    if (shape.norm_in_attention) norm_ = register_module("norm", layer_norm(width, shape.eps));
    project_ = register_module("proj", Dense(width, width));
  }

  // angles: of rotary_angles(); not read with Places::biases.
  torch::Tensor forward(const torch::Tensor& tokens, const torch::Tensor& angles) {
    const torch::Tensor joined = attend(heads_of(tokens), angles).transpose(1, 2).flatten(2);
    return project_(norm_ ? norm_(joined) : joined);
  }

  const Dense& project() const { return project_; }

 private:
  torch::Tensor attend(const std::vector<torch::Tensor>& heads, const torch::Tensor& angles) const {
    if (biases_.defined())
      return torch::scaled_dot_product_attention(heads[0], heads[1], heads[2], beit_biases(biases_, side_));
    const auto turned = [&](const torch::Tensor& x) {
      return rotate(x, angles, shape_.places, shape_.prefix());
    };
    return torch::scaled_dot_product_attention(turned(heads[0]), turned(heads[1]), heads[2]);
  }

  // Queries, keys and values, N×heads×T×(width / heads).
  std::vector<torch::Tensor> heads_of(const torch::Tensor& tokens) {
    const auto split = [&](const torch::Tensor& x) {
      return x.view({x.size(0), x.size(1), shape_.heads, -1}).transpose(1, 2);
    };
    if (shape_.separate_qkv) return {split(queries_(tokens)), split(keys_(tokens)), split(values_(tokens))};
    torch::Tensor all = qkv_(tokens);
    if (shape_.qkv_bias) all = all + torch::cat({query_bias_, torch::zeros_like(query_bias_), value_bias_});
    const auto parts = all.chunk(3, -1);
    return {split(parts[0]), split(parts[1]), split(parts[2])};
  }

  EvaShape shape_;
  std::int64_t side_;
  torch::Tensor query_bias_, value_bias_, biases_;
  Dense qkv_{nullptr}, queries_{nullptr}, keys_{nullptr}, values_{nullptr}, project_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(EvaAttention);

class EvaPerceptronImpl : public torch::nn::Module {
 public:
  explicit EvaPerceptronImpl(const EvaShape& shape) : kind_(shape.mlp) {
    const std::int64_t width = shape.width, hidden = shape.hidden_width();
    if (kind_ == EvaMlp::gated) {
      gate_ = register_module("fc1_g", Dense(width, hidden));
      first_ = register_module("fc1_x", Dense(width, hidden));
    } else {
      first_ = register_module("fc1", Dense(width, kind_ == EvaMlp::packed ? 2 * hidden : hidden));
    }
    if (shape.norm_in_mlp) norm_ = register_module("norm", layer_norm(hidden, shape.eps));
    second_ = register_module("fc2", Dense(hidden, width));
  }

  torch::Tensor forward(const torch::Tensor& tokens) {
    torch::Tensor x;
    if (kind_ == EvaMlp::plain) {
      x = first_(tokens, Activation::gelu);
    } else if (kind_ == EvaMlp::packed) {
      const auto halves = first_(tokens).chunk(2, -1);
      x = torch::silu(halves[0]) * halves[1];
    } else {
      x = gate_(tokens, Activation::silu) * first_(tokens);
    }
    return second_(norm_ ? norm_(x) : x);
  }

  const Dense& second() const { return second_; }

 private:
  EvaMlp kind_;
  Dense gate_{nullptr}, first_{nullptr}, second_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(EvaPerceptron);

class EvaBlockImpl : public torch::nn::Module {
 public:
  EvaBlockImpl(const EvaShape& shape, std::int64_t side) {
    if (shape.layer_scale != 0) {
      scale1 = register_parameter("gamma_1", torch::empty({shape.width}));
      scale2 = register_parameter("gamma_2", torch::empty({shape.width}));
    }
    norm1_ = register_module("norm1", layer_norm(shape.width, shape.eps));
    attention = register_module("attn", EvaAttention(shape, side));
    norm2_ = register_module("norm2", layer_norm(shape.width, shape.eps));
    mlp = register_module("mlp", EvaPerceptron(shape));
  }

  torch::Tensor forward(const torch::Tensor& tokens, const torch::Tensor& angles) {
    const auto scaled = [](const torch::Tensor& scale, const torch::Tensor& x) {
      return scale.defined() ? x * scale : x;
    };
    const torch::Tensor x = tokens + scaled(scale1, attention(norm1_(tokens), angles));
    return x + scaled(scale2, mlp(norm2_(x)));
  }

  torch::Tensor scale1, scale2;  // width; undefined without layer scale
  EvaAttention attention{nullptr};
  EvaPerceptron mlp{nullptr};

 private:
  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
};
TORCH_MODULE(EvaBlock);

class Eva : public Network {
 public:
  // side: pixels of the images, for EvaShape::is_sized().
  Eva(const EvaShape& shape, std::int64_t side, std::int64_t classes)
      : Network("Eva"), shape_(shape), side_(side) {
    class_token_ = register_parameter("cls_token", torch::empty({1, 1, shape.width}));
    if (shape.registers > 0)
      registers_ = register_parameter("reg_token", torch::empty({1, shape.registers, shape.width}));
    const std::int64_t places = (side / shape.patch) * (side / shape.patch);
    if (shape.positions)
      positions_ = register_parameter("pos_embed", torch::empty({1, places + shape.prefix(), shape.width}));
    patches_ = add_layer(*this, "patch_embed.proj", patch_conv(3, shape.width, shape.patch));
    for (std::int64_t i = 0; i < shape.depth; ++i)
      blocks_.push_back(add_layer(*this, "blocks." + std::to_string(i), EvaBlock(shape, side / shape.patch)));
    norm_ = register_module(shape.norm_after_pool ? "fc_norm" : "norm", layer_norm(shape.width, shape.eps));
    add_head("head", shape.width, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return forward_tail(forward_body(images));
  }
  torch::Tensor forward_body(const torch::Tensor& images) override {
    shape_.is_sized() ? check_side(name(), images, side_) : check_patches(images);
    const torch::Tensor maps = patches_(images);
    torch::Tensor x = with_prefix({class_token_, registers_}, tokens_of(maps));
    if (shape_.positions) x = x + positions_;
    const torch::Tensor angles = angles_of(maps.size(2), maps.size(3), x);
    for (std::size_t i = 0; i < body_blocks(); ++i) x = blocks_[i](x, angles);
    return x;
  }
  torch::Tensor forward_tail(const torch::Tensor& body) override {
    torch::Tensor x = body;
    if (body_blocks() < blocks_.size()) {
      const std::int64_t rows = side_ / shape_.patch;  // of the only size: the network is_sized()
      x = blocks_.back()(x, angles_of(rows, rows, x));
    }
    return shape_.norm_after_pool ? x : norm_(x);
  }

  FeatureInfo feature_info() const override {
    return {.kind = FeatureKind::tokens,
            .dim = shape_.width,
            .reduction = shape_.patch,
            .prefix_tokens = shape_.prefix()};
  }
  std::set<std::string> no_weight_decay() const override {
    std::set<std::string> names = own_parameters(*this);
    for (const auto& item : named_parameters()) {
      if (item.key().ends_with(beit_table)) names.insert(item.key());
    }
    return names;
  }
  std::set<OpKind> op_kinds() const override {
    std::set<OpKind> kinds = Network::op_kinds();
    kinds.insert(OpKind::attention);
    return kinds;
  }

  void init() {
    const torch::NoGradGuard no_gradients;
    init_by_fan_in(*patches_);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      EvaBlock& block = blocks_[i];
      init_normal(*block, 0.02);
      const double depth = std::sqrt(2.0 * static_cast<double>(i + 1));
      block->attention->project()->weight.div_(depth);
      block->mlp->second()->weight.div_(depth);
      if (block->scale1.defined()) {
        block->scale1.fill_(shape_.layer_scale);
        block->scale2.fill_(shape_.layer_scale);
      }
      for (const char* bias : {"q_bias", "v_bias", beit_table}) {
        if (auto* value = block->attention->named_parameters(/*recurse=*/false).find(bias)) value->zero_();
      }
    }
    init_normal(*head(), 2e-5);
    for (torch::Tensor* token : {&class_token_, &registers_, &positions_}) {
      if (token->defined()) token->normal_(0, 0.02);
    }
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    const torch::Tensor pooled =
        shape_.token_pool ? features.select(1, 0) : features.slice(1, shape_.prefix()).mean(1);
    return shape_.norm_after_pool ? norm_(pooled) : pooled;
  }

  NetworkPtr make_alike() const override {
    return std::make_shared<Eva>(shape_, side_, head()->weight.size(0));
  }

 private:
  void check_patches(const torch::Tensor& images) const {
    check_image_size(images, shape_.patch);
    if (images.size(2) % shape_.patch == 0 && images.size(3) % shape_.patch == 0) return;
    throw UsageError(name(),
                     "takes images whose sides are multiples of " + std::to_string(shape_.patch) +
                         " pixels, not " + std::to_string(images.size(3)) + " × " +
                         std::to_string(images.size(2)),
                     "use another `input_size`");
  }
  torch::Tensor angles_of(std::int64_t rows, std::int64_t columns, const torch::Tensor& like) const {
    if (shape_.places == Places::biases) return {};
    return rotary_angles(shape_.places, rows, columns, shape_.width / shape_.heads).to(like.device());
  }
  // After the last block only the class token influences the logits, if the head reads it alone.
  std::size_t body_blocks() const { return shape_.token_pool ? blocks_.size() - 1 : blocks_.size(); }

  EvaShape shape_;
  std::int64_t side_;
  torch::Tensor class_token_, registers_, positions_;
  Conv patches_{nullptr};
  std::vector<EvaBlock> blocks_;
  torch::nn::LayerNorm norm_{nullptr};
};

// The authors' files have the index of each pair too, which follows from the size.
void adapt_beit(StateDict& state, const Network& network, std::vector<std::string>& notes) {
  std::erase_if(state.tensors,
                [](const NamedTensor& each) { return each.name.ends_with(".relative_position_index"); });
  adapt_biases(state, network, beit_class_rows, notes);
}

ModelSpec eva(const std::string& name, std::int64_t parameters, const EvaShape& shape,
              std::vector<std::string> lookalikes = {}) {
  ModelSpec spec = timm_model(name, "eva", parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<Eva>(shape, side_for_patches(o, shape.side, shape.patch), o.classes);
    if (o.init == Init::random) network->init();
    return network;
  });
  spec.lookalikes = std::move(lookalikes);
  if (!shape.is_sized()) return spec;
  spec.timm_pool = shape.token_pool ? "token" : "avg";
  spec.python_network = "timm.create_model('" + name + "', num_classes={}, img_size={size})";
  spec.adapt = [shape](StateDict& state, const Network& network, std::vector<std::string>& notes) {
    if (shape.positions)
      adapt_positions(state, network, "pos_embed", shape.prefix(), PositionResize::antialiased, notes);
    else
      adapt_beit(state, network, notes);
  };
  return spec;
}

}  // namespace

// clang-format off
std::vector<ModelSpec> eva_models() {
  return {
      eva("beit_base_patch16_224", 86'530'984, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 0.1, .eps = 1e-06}),
      eva("beit_base_patch16_384", 86'744'104, {.side = 384, .patch = 16, .width = 768, .depth = 12, .heads = 12, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 0.1, .eps = 1e-06}),
      eva("beit_large_patch16_224", 304'430'568, {.side = 224, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 1e-05, .eps = 1e-06}),
      eva("beit_large_patch16_384", 304'998'888, {.side = 384, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 1e-05, .eps = 1e-06}),
      eva("beit_large_patch16_512", 305'674'728, {.side = 512, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 1e-05, .eps = 1e-06}),
      eva("beitv2_base_patch16_224", 86'530'984, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 1e-05, .eps = 1e-06}),
      eva("beitv2_large_patch16_224", 304'430'568, {.side = 224, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .places = Places::biases, .qkv_bias = true, .norm_after_pool = true, .registers = 0, .layer_scale = 1e-05, .eps = 1e-06}),
      eva("eva02_base_patch14_224", 86'527'720, {.side = 224, .patch = 14, .width = 768, .depth = 12, .heads = 12, .hidden = 2048, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_base_patch14_448", 87'117'544, {.side = 448, .patch = 14, .width = 768, .depth = 12, .heads = 12, .hidden = 2048, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_base_patch16_clip_224", 86'638'312, {.side = 224, .patch = 16, .width = 768, .depth = 12, .heads = 12, .hidden = 2048, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_in_attention = true, .token_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_large_patch14_224", 304'293'800, {.side = 224, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .hidden = 2730, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_large_patch14_448", 305'080'232, {.side = 448, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .hidden = 2730, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_large_patch14_clip_224", 304'342'952, {.side = 224, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .hidden = 2730, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_in_attention = true, .token_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_large_patch14_clip_336", 304'670'632, {.side = 336, .patch = 14, .width = 1024, .depth = 24, .heads = 16, .hidden = 2730, .mlp = EvaMlp::gated, .places = Places::index, .qkv_bias = true, .separate_qkv = true, .norm_in_mlp = true, .norm_in_attention = true, .token_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_small_patch14_224", 22'006'120, {.side = 224, .patch = 14, .width = 384, .depth = 12, .heads = 6, .hidden = 1024, .mlp = EvaMlp::packed, .places = Places::index, .qkv_bias = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_small_patch14_336", 22'129'000, {.side = 336, .patch = 14, .width = 384, .depth = 12, .heads = 6, .hidden = 1024, .mlp = EvaMlp::packed, .places = Places::index, .qkv_bias = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_tiny_patch14_224", 5'695'144, {.side = 224, .patch = 14, .width = 192, .depth = 12, .heads = 3, .hidden = 512, .mlp = EvaMlp::packed, .places = Places::index, .qkv_bias = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("eva02_tiny_patch14_336", 5'756'584, {.side = 336, .patch = 14, .width = 192, .depth = 12, .heads = 3, .hidden = 512, .mlp = EvaMlp::packed, .places = Places::index, .qkv_bias = true, .norm_after_pool = true, .positions = true, .registers = 0, .layer_scale = 0, .eps = 1e-06}),
      eva("vit_base_patch16_dinov3", 86'410'216, {.side = 256, .patch = 16, .width = 768, .depth = 12, .heads = 12, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_base_patch16_dinov3_qkvb", 86'428'648, {.side = 256, .patch = 16, .width = 768, .depth = 12, .heads = 12, .qkv_bias = true, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}, {"vit_base_patch16_lingbot"}),
      eva("vit_huge_plus_patch16_dinov3", 841'790'440, {.side = 256, .patch = 16, .width = 1280, .depth = 32, .heads = 20, .mlp = EvaMlp::gated, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_huge_plus_patch16_dinov3_qkvb", 841'872'360, {.side = 256, .patch = 16, .width = 1280, .depth = 32, .heads = 20, .mlp = EvaMlp::gated, .qkv_bias = true, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_large_patch16_dinov3", 304'104'424, {.side = 256, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_large_patch16_dinov3_qkvb", 304'153'576, {.side = 256, .patch = 16, .width = 1024, .depth = 24, .heads = 16, .qkv_bias = true, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}, {"vit_large_patch16_lingbot"}),
      eva("vit_small_patch16_dinov3", 21'971'944, {.side = 256, .patch = 16, .width = 384, .depth = 12, .heads = 6, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_small_patch16_dinov3_qkvb", 21'981'160, {.side = 256, .patch = 16, .width = 384, .depth = 12, .heads = 6, .qkv_bias = true, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}, {"vit_small_patch16_lingbot"}),
      eva("vit_small_plus_patch16_dinov3", 29'068'264, {.side = 256, .patch = 16, .width = 384, .depth = 12, .heads = 6, .mlp = EvaMlp::gated, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_small_plus_patch16_dinov3_qkvb", 29'077'480, {.side = 256, .patch = 16, .width = 384, .depth = 12, .heads = 6, .mlp = EvaMlp::gated, .qkv_bias = true, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
      eva("vit_tiny_patch16_dinov3_qkvb", 5'682'664, {.side = 256, .patch = 16, .width = 192, .depth = 12, .heads = 3, .qkv_bias = true, .registers = 4, .layer_scale = 1e-05, .eps = 1e-05}),
  };
}
// clang-format on

}  // namespace graft
