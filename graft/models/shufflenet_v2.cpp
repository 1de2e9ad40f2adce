// ShuffleNetV2 as in torchvision (Ma et al., arXiv:1807.11164). Parameter names, order and initialisation are
// those of torchvision.models.shufflenetv2.
#include <array>
#include <memory>
#include <string>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

// Alternates the channels of both, which is their concatenation shuffled in two groups. Keeps the memory
// format: convolutions would convert it.
torch::Tensor alternate(const torch::Tensor& left, const torch::Tensor& right) {
  if (right.suggest_memory_format() != torch::MemoryFormat::ChannelsLast)
    return torch::stack({left, right}, 2).flatten(1, 2);
  return torch::stack({left.permute({0, 2, 3, 1}), right.permute({0, 2, 3, 1})}, 4)
      .flatten(3)
      .permute({0, 3, 1, 2});
}

// With stride 2, two branches of the input; else half of the channels and a branch of the other half.
class ShuffleBlockImpl : public torch::nn::Module {
 public:
  ShuffleBlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride) {
    const std::int64_t half = out / 2;
    const auto add = [&](const std::string& name, const ConvOptions& options, const std::string& norm) {
      return add_conv(*this, name, Conv(options), norm);
    };
    if (stride > 1) {
      shrink1_ =
          add("branch1.0", {.in = in, .out = in, .kernel = 3, .stride = stride, .groups = in}, "branch1.1");
      last1_ = add("branch1.2", {.in = in, .out = half}, "branch1.3");
    }
    first2_ = add("branch2.0", {.in = stride > 1 ? in : half, .out = half}, "branch2.1");
    shrink2_ = add("branch2.3", {.in = half, .out = half, .kernel = 3, .stride = stride, .groups = half},
                   "branch2.4");
    last2_ = add("branch2.5", {.in = half, .out = half}, "branch2.6");
  }

  torch::Tensor forward(const torch::Tensor& x) {
    if (last1_) return alternate(last1_(shrink1_(x), Activation::relu), branch2(x));
    const auto halves = x.chunk(2, /*dim=*/1);
    return alternate(halves[0], branch2(halves[1]));
  }

 private:
  torch::Tensor branch2(const torch::Tensor& x) {
    return last2_(shrink2_(first2_(x, Activation::relu)), Activation::relu);
  }

  Conv shrink1_{nullptr}, last1_{nullptr}, first2_{nullptr}, shrink2_{nullptr}, last2_{nullptr};
};
TORCH_MODULE(ShuffleBlock);

// The output channels of the three stages and of the last convolution.
using ShuffleWidths = std::array<std::int64_t, 4>;

class ShuffleNetV2 : public Network {
 public:
  ShuffleNetV2(const ShuffleWidths& widths, std::int64_t classes) : widths_(widths) {
    constexpr std::array depths = {4, 8, 4};
    std::int64_t channels = 24;
    stem_ = add_conv(*this, "conv1", {.in = 3, .out = channels, .kernel = 3, .stride = 2});
    for (std::size_t stage = 0; stage < depths.size(); ++stage) {
      for (int i = 0; i < depths[stage]; ++i) {
        blocks_->push_back(add_layer(*this, "stage" + std::to_string(stage + 2) + "." + std::to_string(i),
                                     ShuffleBlock(channels, widths[stage], i == 0 ? 2 : 1)));
        channels = widths[stage];
      }
    }
    last_ = add_conv(*this, "conv5", {.in = channels, .out = widths.back()});
    add_head("fc", widths.back(), classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    const torch::Tensor x = stem_(images, Activation::relu);
    return last_(blocks_->forward(torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1)),
                 Activation::relu);
  }

  FeatureInfo feature_info() const override { return {.dim = widths_.back(), .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<ShuffleNetV2>(widths_, head()->weight.size(0));
  }

 private:
  ShuffleWidths widths_;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

ModelSpec shufflenet_v2(const std::string& name, std::int64_t parameters, const ShuffleWidths& widths) {
  return torchvision_model(name, "shufflenet_v2", parameters,
                           [widths](const NetworkOptions& o) -> NetworkPtr {
                             auto network = std::make_shared<ShuffleNetV2>(widths, o.classes);
                             if (o.init == Init::random) init_by_fan_in(*network);
                             return network;
                           });
}

}  // namespace

std::vector<ModelSpec> shufflenet_v2_models() {
  return {shufflenet_v2("shufflenet_v2_x0_5", 1'366'792, {48, 96, 192, 1024}),
          shufflenet_v2("shufflenet_v2_x1_0", 2'278'604, {116, 232, 464, 1024}),
          shufflenet_v2("shufflenet_v2_x1_5", 3'503'624, {176, 352, 704, 1024}),
          shufflenet_v2("shufflenet_v2_x2_0", 7'393'996, {244, 488, 976, 2048})};
}

}  // namespace graft
