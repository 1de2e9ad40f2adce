// AlexNet (Krizhevsky, arXiv:1404.5997: the variant of "one weird trick" without local response
// normalisation) as in torchvision.models.alexnet.
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

constexpr std::int64_t alexnet_side = 6, alexnet_hidden = 4096;  // of the pooled maps; of the classifier

struct AlexNetLayer {
  const char* name;
  ConvOptions conv;
  bool pooled;  // a max pool follows
};
constexpr AlexNetLayer alexnet_layers[] = {
    {"features.0", {.in = 3, .out = 64, .kernel = 11, .stride = 4, .bias = true, .padding = 2}, true},
    {"features.3", {.in = 64, .out = 192, .kernel = 5, .bias = true}, true},
    {"features.6", {.in = 192, .out = 384, .kernel = 3, .bias = true}, false},
    {"features.8", {.in = 384, .out = 256, .kernel = 3, .bias = true}, false},
    {"features.10", {.in = 256, .out = 256, .kernel = 3, .bias = true}, true}};
constexpr std::int64_t alexnet_channels = std::rbegin(alexnet_layers)->conv.out;

class AlexNet : public Network {
 public:
  explicit AlexNet(std::int64_t classes) : Network("AlexNet") {
    for (const AlexNetLayer& layer : alexnet_layers)
      convs_.push_back(add_layer(*this, layer.name, Conv(layer.conv)));
    const std::int64_t pooled = alexnet_channels * alexnet_side * alexnet_side;
    drop1_ = add_layer(*this, "classifier.0", torch::nn::Dropout(0.5));
    hidden1_ = add_layer(*this, "classifier.1", Dense(pooled, alexnet_hidden));
    drop2_ = add_layer(*this, "classifier.3", torch::nn::Dropout(0.5));
    hidden2_ = add_layer(*this, "classifier.4", Dense(alexnet_hidden, alexnet_hidden));
    add_head("classifier.6", alexnet_hidden, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, 63);
    torch::Tensor x = images;
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      x = convs_[i](x, Activation::relu);
      if (alexnet_layers[i].pooled) x = torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2);
    }
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = alexnet_channels, .reduction = 32}; }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    const auto pooled = torch::adaptive_avg_pool2d(features, {alexnet_side, alexnet_side}).flatten(1);
    return hidden2_(drop2_(hidden1_(drop1_(pooled), Activation::relu)), Activation::relu);
  }

  NetworkPtr make_alike() const override { return std::make_shared<AlexNet>(head()->weight.size(0)); }

 private:
  std::vector<Conv> convs_;
  torch::nn::Dropout drop1_{nullptr}, drop2_{nullptr};
  Dense hidden1_{nullptr}, hidden2_{nullptr};
};

NetworkPtr make_alexnet(const NetworkOptions& options) {
  auto network = std::make_shared<AlexNet>(options.classes);
  if (options.init == Init::random) init_by_fan_in(*network);
  return network;
}

}  // namespace

std::vector<ModelSpec> alexnet_models() {
  return {torchvision_model("alexnet", "alexnet", 61'100'840, make_alexnet)};
}

}  // namespace graft
