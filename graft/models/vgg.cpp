// VGG (Simonyan and Zisserman, arXiv:1409.1556), with and without batch norm, as in torchvision.models.vgg.
// timm's networks are the same for images of up to 224 pixels; for larger ones they average after the
// classifier's hidden layers.
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/load.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

constexpr std::int64_t vgg_channels = 512, vgg_side = 7, vgg_hidden = 4096;

struct VggShape {
  std::array<int, 5> depths = {};  // convolutions of each stage; a max pool ends a stage
  bool batch_norm = false;
};

class Vgg : public Network {
 public:
  Vgg(const VggShape& shape, std::int64_t classes) : Network("VGG"), shape_(shape) {
    const NormOptions norm{shape.batch_norm ? NormKind::batch : NormKind::none};
    std::int64_t channels = 3;
    int index = 0;  // in torchvision's Sequential, which counts norms, activations and pools
    const auto name_of = [](int i) { return "features." + std::to_string(i); };
    for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
      const std::int64_t out = std::min<std::int64_t>(64LL << stage, vgg_channels);
      for (int i = 0; i < shape.depths[stage]; ++i) {
        const Conv conv(ConvOptions{.in = channels, .out = out, .kernel = 3, .bias = true});
        stages_[stage].push_back(add_conv(*this, name_of(index), conv, name_of(index + 1), norm));
        channels = out;
        index += shape.batch_norm ? 3 : 2;
      }
      ++index;
    }
    hidden1_ = add_layer(*this, "classifier.0", Dense(vgg_channels * vgg_side * vgg_side, vgg_hidden));
    drop_ = add_layer(*this, "classifier.2", torch::nn::Dropout(0.5));
    hidden2_ = add_layer(*this, "classifier.3", Dense(vgg_hidden, vgg_hidden));
    add_head("classifier.6", vgg_hidden, classes, 0.5);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, 32);
    torch::Tensor x = images;
    for (std::vector<Conv>& stage : stages_) {
      for (Conv& conv : stage) x = conv(x, Activation::relu);
      x = torch::max_pool2d(x, /*kernel_size=*/2);
    }
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = vgg_channels, .reduction = 32}; }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    const auto pooled = torch::adaptive_avg_pool2d(features, {vgg_side, vgg_side}).flatten(1);
    return hidden2_(drop_(hidden1_(pooled, Activation::relu)), Activation::relu);
  }

  NetworkPtr make_alike() const override { return std::make_shared<Vgg>(shape_, head()->weight.size(0)); }

 private:
  VggShape shape_;
  std::array<std::vector<Conv>, 5> stages_;
  torch::nn::Dropout drop_{nullptr};
  Dense hidden1_{nullptr}, hidden2_{nullptr};
};

constexpr double vgg_linear_std = 0.01;

NetworkPtr make_vgg(const VggShape& shape, const NetworkOptions& options) {
  auto network = std::make_shared<Vgg>(shape, options.classes);
  if (options.init == Init::none) return network;
  init_by_fan_out(*network);
  const auto init = [](const torch::Tensor& weight, const torch::Tensor& bias) {
    torch::nn::init::normal_(weight, 0, vgg_linear_std);
    torch::nn::init::zeros_(bias);
  };
  for (const auto& module : network->modules()) {
    if (const auto* dense = module->as<Dense>()) init(dense->weight, dense->bias);
  }
  init(network->head()->weight, network->head()->bias);
  return network;
}

// For a file whose classifier is NaN: the same tensors without the head, and with initial values in the
// classifier's other layers. They have their own generator, so that they are the same wherever the file is
// read.
StateDict with_initial_classifier(StateDict state) {
  std::erase_if(state.tensors,
                [](const NamedTensor& each) { return each.name.starts_with("classifier.6."); });
  const auto generator = at::detail::createCPUGenerator();
  for (NamedTensor& each : state.tensors) {
    if (!each.name.starts_with("classifier.")) continue;
    const torch::Tensor value = torch::zeros(each.tensor.shape);
    if (each.name.ends_with("weight")) value.normal_(0, vgg_linear_std, generator);
    each.tensor = keep_tensor(state, value);
  }
  return state;
}

// In timm's files the classifier's hidden layers are convolutions.
void adapt_hidden_layers(StateDict& state) {
  for (NamedTensor& each : state.tensors) {
    std::vector<std::int64_t>& shape = each.tensor.shape;
    const bool is_hidden =
        each.name.ends_with("pre_logits.fc1.weight") || each.name.ends_with("pre_logits.fc2.weight");
    if (is_hidden && shape.size() == 4) shape = {shape[0], shape[1] * shape[2] * shape[3]};
  }
}

void hidden_layers_to_timm(StateDict& state) {
  for (NamedTensor& each : state.tensors) {
    std::vector<std::int64_t>& shape = each.tensor.shape;
    if (each.name == "pre_logits.fc1.weight")
      shape = {shape[0], shape[1] / (vgg_side * vgg_side), vgg_side, vgg_side};
    if (each.name == "pre_logits.fc2.weight") shape = {shape[0], shape[1], 1, 1};
  }
}

ModelSpec vgg(const std::string& name, std::int64_t parameters, const VggShape& shape) {
  ModelSpec spec = torchvision_model(name, "vgg", parameters,
                                     [shape](const NetworkOptions& o) { return make_vgg(shape, o); });
  spec.other_names = {
      {"pre_logits.fc1", "classifier.0"}, {"pre_logits.fc2", "classifier.3"}, {"head.fc", "classifier.6"}};
  spec.adapt = [](StateDict& state, const Network&, std::vector<std::string>&) {
    adapt_hidden_layers(state);
  };
  spec.to_timm = hidden_layers_to_timm;
  for (PretrainedWeights& each : spec.pretrained) {
    if (each.classes != 0) continue;
    each.filter = with_initial_classifier;
    each.note = "these weights have no classifier: its hidden layers have initial values";
  }
  return spec;
}

}  // namespace

std::vector<ModelSpec> vgg_models() {
  constexpr std::array<int, 5> depths11 = {1, 1, 2, 2, 2}, depths13 = {2, 2, 2, 2, 2},
                               depths16 = {2, 2, 3, 3, 3}, depths19 = {2, 2, 4, 4, 4};
  return {
      vgg("vgg11", 132'863'336, {depths11}), vgg("vgg11_bn", 132'868'840, {depths11, true}),
      vgg("vgg13", 133'047'848, {depths13}), vgg("vgg13_bn", 133'053'736, {depths13, true}),
      vgg("vgg16", 138'357'544, {depths16}), vgg("vgg16_bn", 138'365'992, {depths16, true}),
      vgg("vgg19", 143'667'240, {depths19}), vgg("vgg19_bn", 143'678'248, {depths19, true}),
  };
}

}  // namespace graft
