// MNASNet as in torchvision (Tan et al., arXiv:1807.11626; variant B1, without squeeze-and-excitation).
// Parameter names, order and initialisation are those of torchvision.models.mnasnet.
#include <cmath>
#include <memory>
#include <string>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/torchvision.h"

namespace graft {
namespace {

class MnasNet : public Network {
 public:
  // width: multiplies the channels.
  MnasNet(double width, std::int64_t classes) : width_(width) {
    const auto scaled = [&](double channels) { return multiple_of_8(channels * width); };
    std::int64_t channels = scaled(32);
    // The numbers of "layers" count a convolution, its norm and an activation.
    stem_ = add("layers.0", {.in = 3, .out = channels, .kernel = 3, .stride = 2}, "layers.1");
    depthwise_ =
        add("layers.3", {.in = channels, .out = channels, .kernel = 3, .groups = channels}, "layers.4");
    project_ = add("layers.6", {.in = channels, .out = scaled(16)}, "layers.7");
    channels = scaled(16);
    int stage = 8;
    const auto add_stage = [&](std::int64_t out, std::int64_t kernel, std::int64_t stride,
                               std::int64_t expand, int repeats) {
      for (int i = 0; i < repeats; ++i) {
        const InvertedResidualOptions block = {.in = channels,
                                               .middle = channels * expand,
                                               .out = out,
                                               .kernel = kernel,
                                               .stride = i == 0 ? stride : 1,
                                               .norm = norm};
        const InvertedResidualNames names = {.expand = {"layers.0", "layers.1"},
                                             .depthwise = {"layers.3", "layers.4"},
                                             .project = {"layers.6", "layers.7"}};
        blocks_->push_back(add_layer(*this, "layers." + std::to_string(stage) + "." + std::to_string(i),
                                     InvertedResidual(block, names)));
        channels = out;
      }
      ++stage;
    };
    add_stage(scaled(24), 3, 2, 3, 3);
    add_stage(scaled(40), 5, 2, 3, 3);
    add_stage(scaled(80), 5, 2, 6, 3);
    add_stage(scaled(96), 3, 1, 6, 2);
    add_stage(scaled(192), 5, 2, 6, 4);
    add_stage(scaled(320), 3, 1, 6, 1);
    last_ = add("layers.14", {.in = channels, .out = last_channels}, "layers.15");
    add_head("classifier.1", last_channels, classes, 0.2);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    const torch::Tensor x = depthwise_(stem_(images, Activation::relu), Activation::relu);
    return last_(blocks_->forward(project_(x)), Activation::relu);
  }

  FeatureInfo feature_info() const override { return {.dim = last_channels, .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<MnasNet>(width_, head()->weight.size(0)); }

 private:
  static constexpr std::int64_t last_channels = 1280;
  static constexpr NormOptions norm = {.momentum = 1 - 0.9997};

  Conv add(const std::string& name, const ConvOptions& options, const std::string& norm_name) {
    return add_conv(*this, name, Conv(options), norm_name, norm);
  }

  double width_;
  Conv stem_{nullptr}, depthwise_{nullptr}, project_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

ModelSpec mnasnet(const std::string& name, std::int64_t parameters, double width) {
  const auto build = [width](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<MnasNet>(width, o.classes);
    if (o.init == Init::none) return network;
    init_by_fan_out(*network);
    const double bound = std::sqrt(3 / static_cast<double>(o.classes));
    torch::nn::init::uniform_(network->head()->weight, -bound, bound);
    torch::nn::init::zeros_(network->head()->bias);
    return network;
  };
  ModelSpec spec = torchvision_model(name, "mnasnet", parameters, build);
  spec.python_version = 2;  // version 1 has an unscaled stem
  return spec;
}

}  // namespace

std::vector<ModelSpec> mnasnet_models() {
  return {mnasnet("mnasnet0_5", 2'218'512, 0.5), mnasnet("mnasnet0_75", 3'170'208, 0.75),
          mnasnet("mnasnet1_0", 4'383'312, 1.0), mnasnet("mnasnet1_3", 6'282'256, 1.3)};
}

}  // namespace graft
