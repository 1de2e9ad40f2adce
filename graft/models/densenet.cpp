// DenseNet-BC (Huang et al., arXiv:1608.06993) as in torchvision.models.densenet.
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

struct DenseNetShape {
  std::array<int, 4> depths = {};  // layers of each block
  std::int64_t growth = 32;        // channels that a layer adds
  std::int64_t stem = 64;          // channels
};

// A norm and ReLU before a convolution: the norm cannot be folded, because its input has other readers.
class DenseNetLayerImpl : public torch::nn::Module {
 public:
  DenseNetLayerImpl(std::int64_t in, std::int64_t growth) {
    const std::int64_t middle = 4 * growth;
    norm_ = register_module("norm1", torch::nn::BatchNorm2d(in));
    reduce_ = add_conv(*this, "conv1", Conv(ConvOptions{.in = in, .out = middle}), "norm2");
    grow_ = register_module("conv2", Conv(ConvOptions{.in = middle, .out = growth, .kernel = 3}));
  }

  // Returns x and after it the new channels.
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor reduced = reduce_(activate(norm_(x), Activation::relu), Activation::relu);
    return torch::cat({x, grow_(reduced)}, 1);
  }

 private:
  torch::nn::BatchNorm2d norm_{nullptr};
  Conv reduce_{nullptr}, grow_{nullptr};
};
TORCH_MODULE(DenseNetLayer);

// Halves channels, height and width.
class TransitionImpl : public torch::nn::Module {
 public:
  explicit TransitionImpl(std::int64_t in) {
    norm_ = register_module("norm", torch::nn::BatchNorm2d(in));
    conv_ = register_module("conv", Conv(ConvOptions{.in = in, .out = in / 2}));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    return torch::avg_pool2d(conv_(activate(norm_(x), Activation::relu)), /*kernel_size=*/2);
  }

 private:
  torch::nn::BatchNorm2d norm_{nullptr};
  Conv conv_{nullptr};
};
TORCH_MODULE(Transition);

class DenseNet : public Network {
 public:
  DenseNet(const DenseNetShape& shape, std::int64_t classes) : Network("DenseNet"), shape_(shape) {
    stem_ =
        add_conv(*this, "features.conv0",
                 Conv(ConvOptions{.in = 3, .out = shape.stem, .kernel = 7, .stride = 2}), "features.norm0");
    std::int64_t channels = shape.stem;
    for (std::size_t i = 0; i < shape.depths.size(); ++i) {
      if (i > 0) {
        const std::string name = "features.transition" + std::to_string(i);
        transitions_.push_back(add_layer(*this, name, Transition(channels)));
        channels /= 2;
      }
      torch::nn::Sequential block;
      for (int layer = 1; layer <= shape.depths[i]; ++layer, channels += shape.growth)
        block->push_back("denselayer" + std::to_string(layer), DenseNetLayer(channels, shape.growth));
      blocks_.push_back(add_layer(*this, "features.denseblock" + std::to_string(i + 1), block));
    }
    norm_ = add_layer(*this, "features.norm5", torch::nn::BatchNorm2d(channels));
    add_head("classifier", channels, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, 29);
    torch::Tensor x = stem_(images, Activation::relu);
    x = torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (i > 0) x = transitions_[i - 1](x);
      x = blocks_[i]->forward(x);
    }
    return activate(norm_(x), Activation::relu);
  }

  FeatureInfo feature_info() const override { return {.dim = head()->weight.size(1), .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<DenseNet>(shape_, head()->weight.size(0));
  }

 private:
  DenseNetShape shape_;
  Conv stem_{nullptr};
  std::vector<Transition> transitions_;
  std::vector<torch::nn::Sequential> blocks_;
  torch::nn::BatchNorm2d norm_{nullptr};
};

NetworkPtr make_densenet(const DenseNetShape& shape, const NetworkOptions& options) {
  auto network = std::make_shared<DenseNet>(shape, options.classes);
  if (options.init == Init::none) return network;
  for (const auto& module : network->modules()) {
    if (const auto* conv = module->as<Conv>()) torch::nn::init::kaiming_normal_(conv->weight);
  }
  torch::nn::init::zeros_(network->head()->bias);
  return network;
}

// torchvision's files have the names of its first version: "norm.1" for norm1.
std::map<std::string, std::string> first_densenet_names(const DenseNetShape& shape) {
  std::map<std::string, std::string> names;
  for (std::size_t block = 0; block < shape.depths.size(); ++block) {
    for (int layer = 1; layer <= shape.depths[block]; ++layer) {
      const std::string before =
          "features.denseblock" + std::to_string(block + 1) + ".denselayer" + std::to_string(layer) + ".";
      for (const char* part : {"norm", "conv"}) {
        for (const char* number : {"1", "2"}) names[before + part + "." + number] = before + part + number;
      }
    }
  }
  return names;
}

ModelSpec densenet(const std::string& name, std::int64_t parameters, const DenseNetShape& shape) {
  ModelSpec spec = torchvision_model(name, "densenet", parameters,
                                     [shape](const NetworkOptions& o) { return make_densenet(shape, o); });
  spec.other_names = first_densenet_names(shape);
  spec.has_timms_names = true;
  return spec;
}

}  // namespace

std::vector<ModelSpec> densenet_models() {
  return {
      densenet("densenet121", 7'978'856, {{6, 12, 24, 16}}),
      densenet("densenet161", 28'681'000, {{6, 12, 36, 24}, 48, 96}),
      densenet("densenet169", 14'149'480, {{6, 12, 32, 32}}),
      densenet("densenet201", 20'013'928, {{6, 12, 48, 32}}),
  };
}

}  // namespace graft
