// MobileNetV3 as in torchvision (Howard et al., arXiv:1905.02244). Parameter names, order and initialisation
// are those of torchvision.models.mobilenetv3.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

struct MobileNetV3Block {
  std::int64_t kernel, middle, out;
  bool squeezes;
  Activation activation;
  std::int64_t stride;
};

struct MobileNetV3Shape {
  std::vector<MobileNetV3Block> blocks;
  std::int64_t last;  // outputs of the linear layer before the head
};

class MobileNetV3 : public Network {
 public:
  MobileNetV3(MobileNetV3Shape shape, std::int64_t classes) : shape_(std::move(shape)) {
    const NormOptions norm = {.eps = 1e-3, .momentum = 0.01};
    std::int64_t channels = 16;
    stem_ = add_conv(*this, "features.0", {.in = 3, .out = channels, .kernel = 3, .stride = 2}, norm);
    int number = 1;
    for (const MobileNetV3Block& block : shape_.blocks) {
      const InvertedResidualOptions options = {
          .in = channels,
          .middle = block.middle,
          .out = block.out,
          .kernel = block.kernel,
          .stride = block.stride,
          .activation = block.activation,
          .squeeze = {.squeezed = block.squeezes ? multiple_of_8(static_cast<double>(block.middle / 4)) : 0,
                      .gate = Activation::hardsigmoid},
          .norm = norm};
      blocks_->push_back(add_layer(*this, "features." + std::to_string(number++),
                                   InvertedResidual(options, numbered_names("block", options))));
      channels = block.out;
    }
    dim_ = 6 * channels;
    last_ = add_conv(*this, "features." + std::to_string(number), {.in = channels, .out = dim_}, norm);
    hidden_ = add_layer(*this, "classifier.0", Dense(dim_, shape_.last));
    add_head("classifier.3", shape_.last, classes, 0.2);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return last_(blocks_->forward(stem_(images, Activation::hardswish)), Activation::hardswish);
  }

  FeatureInfo feature_info() const override { return {.dim = dim_, .reduction = 32}; }

  void init() {
    init_by_fan_out(*this);
    for (const torch::Tensor& weight : {hidden_->weight, head()->weight})
      torch::nn::init::normal_(weight, 0, 0.01);
    for (const torch::Tensor& bias : {hidden_->bias, head()->bias}) torch::nn::init::zeros_(bias);
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    return hidden_(Network::pool(features), Activation::hardswish);
  }

  NetworkPtr make_alike() const override {
    return std::make_shared<MobileNetV3>(shape_, head()->weight.size(0));
  }

 private:
  MobileNetV3Shape shape_;
  std::int64_t dim_;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
  Dense hidden_{nullptr};
};

ModelSpec mobilenet_v3(const std::string& name, std::int64_t parameters, const MobileNetV3Shape& shape) {
  return torchvision_model(name, "mobilenet_v3", parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<MobileNetV3>(shape, o.classes);
    if (o.init == Init::random) network->init();
    return network;
  });
}

}  // namespace

std::vector<ModelSpec> mobilenet_v3_models() {
  constexpr auto relu = Activation::relu, hardswish = Activation::hardswish;
  return {mobilenet_v3("mobilenet_v3_large", 5'483'032,
                       {.blocks = {{3, 16, 16, false, relu, 1},
                                   {3, 64, 24, false, relu, 2},
                                   {3, 72, 24, false, relu, 1},
                                   {5, 72, 40, true, relu, 2},
                                   {5, 120, 40, true, relu, 1},
                                   {5, 120, 40, true, relu, 1},
                                   {3, 240, 80, false, hardswish, 2},
                                   {3, 200, 80, false, hardswish, 1},
                                   {3, 184, 80, false, hardswish, 1},
                                   {3, 184, 80, false, hardswish, 1},
                                   {3, 480, 112, true, hardswish, 1},
                                   {3, 672, 112, true, hardswish, 1},
                                   {5, 672, 160, true, hardswish, 2},
                                   {5, 960, 160, true, hardswish, 1},
                                   {5, 960, 160, true, hardswish, 1}},
                        .last = 1280}),
          mobilenet_v3("mobilenet_v3_small", 2'542'856,
                       {.blocks = {{3, 16, 16, true, relu, 2},
                                   {3, 72, 24, false, relu, 2},
                                   {3, 88, 24, false, relu, 1},
                                   {5, 96, 40, true, hardswish, 2},
                                   {5, 240, 40, true, hardswish, 1},
                                   {5, 240, 40, true, hardswish, 1},
                                   {5, 120, 48, true, hardswish, 1},
                                   {5, 144, 48, true, hardswish, 1},
                                   {5, 288, 96, true, hardswish, 2},
                                   {5, 576, 96, true, hardswish, 1},
                                   {5, 576, 96, true, hardswish, 1}},
                        .last = 1024})};
}

}  // namespace graft
