#include "tests/support/tiny_vit.h"

#include <torch/nn/modules/container/functional.h>

#include "graft/models/registry.h"

namespace graft::test {
namespace {

constexpr std::int64_t width = 32, heads = 4, patch = 8, places = 16;

class BlockImpl : public torch::nn::Module {
 public:
  BlockImpl() {
    norm1_ = register_module("norm1", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6)));
    qkv_ = register_module("qkv", torch::nn::Linear(width, 3 * width));
    proj_ = register_module("proj", torch::nn::Linear(width, width));
    norm2_ = register_module("norm2", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6)));
    fc1_ = register_module("fc1", torch::nn::Linear(width, 2 * width));
    fc2_ = register_module("fc2", torch::nn::Linear(2 * width, width));
  }

  torch::Tensor forward(const torch::Tensor& tokens) {
    const std::int64_t n = tokens.size(0), t = tokens.size(1);
    const auto qkv = qkv_(norm1_(tokens)).view({n, t, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    const auto mixed = torch::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]);
    const auto x = tokens + proj_(mixed.transpose(1, 2).reshape({n, t, width}));
    return x + fc2_(activate(fc1_(norm2_(x)), Activation::gelu));
  }

 private:
  torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
  torch::nn::Linear qkv_{nullptr}, proj_{nullptr}, fc1_{nullptr}, fc2_{nullptr};
};

template <class AnyNetwork>
void register_once(const std::string& name) {
  for (const ModelSpec& spec : model_registry()) {
    if (spec.name == name) return;
  }
  register_model({.name = name,
                  .preprocess = tiny_vit_preprocess(),
                  .build = [](const NetworkOptions& options) -> NetworkPtr {
                    return std::make_shared<AnyNetwork>(options.classes);
                  }});
}

}  // namespace

TinyVit::TinyVit(std::int64_t classes) {
  cls_token_ = register_parameter("cls_token", torch::randn({1, 1, width}).mul_(0.02));
  pos_embed_ = register_parameter("pos_embed", torch::randn({1, 1 + places, width}).mul_(0.02));
  patch_embed_ = register_module("patch_embed",
                                 torch::nn::Conv2d(torch::nn::Conv2dOptions(3, width, patch).stride(patch)));
  register_module("blocks", blocks_);
  for (int i = 0; i < 2; ++i) blocks_->push_back(std::make_shared<BlockImpl>());
  norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6)));
  add_head("heads.head", width, classes);
}

torch::Tensor TinyVit::forward_body(const torch::Tensor& images) {
  const auto patches = patch_embed_(images).flatten(2).transpose(1, 2);
  const auto tokens = torch::cat({cls_token_.expand({images.size(0), 1, width}), patches}, 1) + pos_embed_;
  return blocks_->at<BlockImpl>(0).forward(tokens);
}

torch::Tensor TinyVit::forward_tail(const torch::Tensor& body) {
  return norm_(blocks_->at<BlockImpl>(1).forward(body));
}

std::set<OpKind> TinyVit::op_kinds() const {
  std::set<OpKind> kinds = Network::op_kinds();
  kinds.insert(OpKind::attention);
  return kinds;
}

Preprocess tiny_vit_preprocess() { return {.resize = 36, .crop = 32}; }

Model tiny_vit_model(const std::vector<std::string>& classes, std::uint64_t seed) {
  torch::manual_seed(seed);
  auto network = std::make_shared<TinyVit>(static_cast<std::int64_t>(classes.size()));
  return {"tiny_vit", classes, tiny_vit_preprocess(), {}, network};
}

void register_tiny_vit() { register_once<TinyVit>("tiny_vit"); }

TinyMobile::TinyMobile(std::int64_t classes) {
  const NormOptions norm{.eps = 1e-3, .momentum = 0.01};
  stem_ =
      add_conv(*this, "stem", Conv(ConvOptions{.in = 3, .out = 8, .kernel = 3, .stride = 2}), "bn1", norm);
  depthwise_ = add_conv(*this, "depthwise", Conv(ConvOptions{.in = 8, .out = 8, .kernel = 5, .groups = 8}),
                        "bn2", norm);
  project_ = add_conv(*this, "project", Conv(ConvOptions{.in = 8, .out = 8, .bias = true}), "bn3", norm);
  last_ = add_conv(*this, "last", Conv(ConvOptions{.in = 8, .out = 16, .stride = 2}), "bn4", norm);
  for (const Conv& conv : {stem_, depthwise_, project_, last_})
    torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanOut, torch::kReLU);
  torch::nn::init::normal_(project_->bias);
  hidden_ = torch::nn::Linear(16, 24);
  register_module("classifier",
                  torch::nn::Sequential(hidden_, torch::nn::Functional(torch::hardswish),
                                        torch::nn::Dropout(0.2), torch::nn::Linear(24, classes)));
  head_is("classifier.3", 0.2);
}

torch::Tensor TinyMobile::forward_features(const torch::Tensor& images) {
  const auto x = stem_(images, Activation::hardswish);
  const auto y = project_(depthwise_(x, Activation::hardswish), Activation::none, x);
  return last_(y, Activation::hardswish);
}

torch::Tensor TinyMobile::pool(const torch::Tensor& features) {
  return activate(hidden_(Network::pool(features)), Activation::hardswish);
}

void register_tiny_mobile() { register_once<TinyMobile>("tiny_mobile"); }

}  // namespace graft::test
