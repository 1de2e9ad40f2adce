// MobileNetV2 as in torchvision (Sandler et al., arXiv:1801.04381). Parameter names, order and initialisation
// are those of torchvision.models.mobilenet_v2.
#include <memory>
#include <string>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/torchvision.h"

namespace graft {
namespace {

class MobileNetV2 : public Network {
 public:
  explicit MobileNetV2(std::int64_t classes) {
    stem_ = add_conv(*this, "features.0", {.in = 3, .out = 32, .kernel = 3, .stride = 2});
    std::int64_t channels = 32;
    int number = 1;
    const auto add_stage = [&](std::int64_t expand, std::int64_t out, int repeats, std::int64_t stride) {
      for (int i = 0; i < repeats; ++i) {
        const InvertedResidualOptions block = {.in = channels,
                                               .middle = channels * expand,
                                               .out = out,
                                               .stride = i == 0 ? stride : 1,
                                               .activation = Activation::relu6};
        blocks_->push_back(add_layer(*this, "features." + std::to_string(number++),
                                     InvertedResidual(block, names_of(block))));
        channels = out;
      }
    };
    add_stage(1, 16, 1, 1);
    add_stage(6, 24, 2, 2);
    add_stage(6, 32, 3, 2);
    add_stage(6, 64, 4, 2);
    add_stage(6, 96, 3, 1);
    add_stage(6, 160, 3, 2);
    add_stage(6, 320, 1, 1);
    last_ = add_conv(*this, "features." + std::to_string(number), {.in = channels, .out = last_channels});
    add_head("classifier.1", last_channels, classes, 0.2);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return last_(blocks_->forward(stem_(images, Activation::relu6)), Activation::relu6);
  }

  FeatureInfo feature_info() const override { return {.dim = last_channels, .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<MobileNetV2>(head()->weight.size(0)); }

 private:
  static constexpr std::int64_t last_channels = 1280;

  // The projection and its norm are not in a module of their own.
  static InvertedResidualNames names_of(const InvertedResidualOptions& block) {
    InvertedResidualNames names = numbered_names("conv", block);
    names.project = block.expands() ? ConvNames{"conv.2", "conv.3"} : ConvNames{"conv.1", "conv.2"};
    return names;
  }

  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

NetworkPtr make_mobilenet_v2(const NetworkOptions& options) {
  auto network = std::make_shared<MobileNetV2>(options.classes);
  if (options.init == Init::none) return network;
  init_by_fan_out(*network);
  torch::nn::init::normal_(network->head()->weight, 0, 0.01);
  torch::nn::init::zeros_(network->head()->bias);
  return network;
}

}  // namespace

std::vector<ModelSpec> mobilenet_v2_models() {
  return {torchvision_model("mobilenet_v2", "mobilenet_v2", 3'504'872, make_mobilenet_v2)};
}

}  // namespace graft
