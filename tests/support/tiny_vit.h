// Networks as a user may write them: a vision transformer with torch::nn layers, and a convolutional network
// with graft's layers, hardswish and a hidden layer before its head.
#pragma once

#include "graft/device/torch.h"
#include "graft/models/layers.h"
#include "graft/models/model_file.h"
#include "graft/models/network.h"

namespace graft::test {

// For images of 32×32: a grid of 4×4 patches and a class token, two blocks with layer norm, attention and
// GELU, the head "heads.head".
class TinyVit : public Network {
 public:
  explicit TinyVit(std::int64_t classes);
  torch::Tensor forward_features(const torch::Tensor& images) override {
    return forward_tail(forward_body(images));
  }
  torch::Tensor forward_body(const torch::Tensor& images) override;
  torch::Tensor forward_tail(const torch::Tensor& body) override;
  FeatureInfo feature_info() const override {
    return {.kind = FeatureKind::tokens, .dim = 32, .reduction = 8, .prefix_tokens = 1};
  }
  std::set<std::string> no_weight_decay() const override { return {"cls_token", "pos_embed"}; }
  std::set<OpKind> op_kinds() const override;

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<TinyVit>(head()->weight.size(0)); }

 private:
  torch::Tensor cls_token_, pos_embed_;
  torch::nn::Conv2d patch_embed_{nullptr};
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm norm_{nullptr};
};

// For inputs of 32×32. Made after torch::manual_seed(seed).
Preprocess tiny_vit_preprocess();
Model tiny_vit_model(const std::vector<std::string>& classes, std::uint64_t seed = 0);
// Registers "tiny_vit", once.
void register_tiny_vit();

// Convolutions with batch norm and hardswish; "classifier" is a linear layer of 24 outputs, hardswish,
// dropout and the head, "classifier.3", as in torchvision's MobileNetV3.
class TinyMobile : public Network {
 public:
  explicit TinyMobile(std::int64_t classes);
  torch::Tensor forward_features(const torch::Tensor& images) override;
  FeatureInfo feature_info() const override { return {.dim = 16, .reduction = 4}; }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override;
  NetworkPtr make_alike() const override { return std::make_shared<TinyMobile>(head()->weight.size(0)); }

 private:
  Conv stem_{nullptr}, depthwise_{nullptr}, project_{nullptr}, last_{nullptr};
  torch::nn::Linear hidden_{nullptr};
};

// Registers "tiny_mobile", once, with the inputs of tiny_vit.
void register_tiny_mobile();

}  // namespace graft::test
