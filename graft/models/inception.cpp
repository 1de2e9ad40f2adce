// GoogLeNet (Inception v1, Szegedy et al., arXiv:1409.4842, with batch norm) and Inception v3 (Szegedy et
// al., arXiv:1512.00567) as in torchvision.models.googlenet and .inception, without their auxiliary heads.
// Both are a sequence of layers, and a layer concatenates the outputs of its branches.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

// A convolution "conv" with its batch norm "bn" and ReLU.
struct InceptionStep {
  std::string name;     // of the module of both within the layer: "branch2.0"; empty: the layer itself
  ConvOptions conv;     // `in` follows from the step's place
  bool beside = false;  // reads the input of the step before it; the outputs of both are kept
};

// 3×3 pools. average, max: of the same size; halving_max: with stride 2 and without padding.
enum class InceptionPool { none, average, max, halving_max };

struct InceptionBranch {
  InceptionPool pool = InceptionPool::none;
  std::vector<InceptionStep> steps = {};  // after the pool
};
using InceptionBranches = std::vector<InceptionBranch>;

struct InceptionDesign {
  struct Layer {
    std::string name;
    InceptionBranches branches;
    int pool = 0;  // the kernel of a max pool with stride 2 after the layer; 0: none
  };
  std::string name;
  std::vector<Layer> layers;
  bool ceils;  // the pools after layers round their output's size up
  std::int64_t min_size;
  double dropout;
  double initial_std;  // of convolutions and head
};

torch::Tensor pooled(const torch::Tensor& x, InceptionPool pool) {
  switch (pool) {
    case InceptionPool::average:
      return torch::avg_pool2d(x, /*kernel_size=*/3, /*stride=*/1, /*padding=*/1);
    case InceptionPool::max:
      return torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/1, /*padding=*/1);
    case InceptionPool::halving_max:
      return torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2);
    default:
      return x;
  }
}

class InceptionLayerImpl : public torch::nn::Module {
 public:
  InceptionLayerImpl(std::int64_t in, const InceptionBranches& branches) {
    for (const InceptionBranch& branch : branches) {
      branches_.push_back({branch.pool, {}});
      std::int64_t before = in, after = in, out = in;  // of a step; of the branch
      for (const InceptionStep& step : branch.steps) {
        if (!step.beside) before = after;
        ConvOptions options = step.conv;
        options.in = before;
        after = options.out;
        out = step.beside ? out + after : after;
        const std::string module = step.name.empty() ? "" : step.name + ".";
        branches_.back().steps.emplace_back(
            add_conv(*this, module + "conv", Conv(options), module + "bn", {.eps = 1e-3}), step.beside);
      }
      out_ += out;
    }
  }

  torch::Tensor forward(const torch::Tensor& x) {
    std::vector<torch::Tensor> outputs;
    for (Branch& branch : branches_) {
      torch::Tensor before;
      std::vector<torch::Tensor> ends = {pooled(x, branch.pool)};
      for (auto& [conv, beside] : branch.steps) {
        if (!beside) before = std::exchange(ends, {}).back();
        ends.push_back(conv(before, Activation::relu));
      }
      outputs.insert(outputs.end(), ends.begin(), ends.end());
    }
    return outputs.size() == 1 ? outputs.front() : torch::cat(outputs, 1);
  }

  std::int64_t out() const { return out_; }

 private:
  struct Branch {
    InceptionPool pool;
    std::vector<std::pair<Conv, bool>> steps;  // with InceptionStep::beside
  };
  std::vector<Branch> branches_;
  std::int64_t out_ = 0;
};
TORCH_MODULE(InceptionLayer);

class Inception : public Network {
 public:
  Inception(const InceptionDesign& design, std::int64_t classes) : Network(design.name), design_(design) {
    std::int64_t channels = 3;
    for (const InceptionDesign::Layer& layer : design.layers) {
      layers_.push_back(register_module(layer.name, InceptionLayer(channels, layer.branches)));
      channels = layers_.back()->out();
    }
    add_head("fc", channels, classes, design.dropout);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, design_.min_size);
    torch::Tensor x = images;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      x = layers_[i](x);
      const int kernel = design_.layers[i].pool;
      if (kernel > 0)
        x = torch::max_pool2d(x, kernel, /*stride=*/2, /*padding=*/0, /*dilation=*/1, design_.ceils);
    }
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = head()->weight.size(1), .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<Inception>(design_, head()->weight.size(0));
  }

 private:
  InceptionDesign design_;
  std::vector<InceptionLayer> layers_;
};

ConvOptions square(std::int64_t out, std::int64_t kernel = 1) { return {.out = out, .kernel = kernel}; }
ConvOptions row(std::int64_t out, std::int64_t width) {
  return {.out = out, .kernel = 1, .kernel_width = width};
}
ConvOptions column(std::int64_t out, std::int64_t height) {
  return {.out = out, .kernel = height, .kernel_width = 1};
}
ConvOptions unpadded(std::int64_t out, std::int64_t stride = 1) {
  return {.out = out, .kernel = 3, .stride = stride, .padding = 0};
}

InceptionDesign::Layer single(const std::string& name, const ConvOptions& conv, int pool = 0) {
  return {name, {{.steps = {{"", conv}}}}, pool};
}

// The numbers of channels, of the branches from left to right in the paper's figure. As in torchvision the
// paper's 5×5 convolution is 3×3.
InceptionBranches inception_v1(std::int64_t one, std::int64_t reduce3, std::int64_t three,
                               std::int64_t reduce5, std::int64_t five, std::int64_t projection) {
  return {{.steps = {{"branch1", square(one)}}},
          {.steps = {{"branch2.0", square(reduce3)}, {"branch2.1", square(three, 3)}}},
          {.steps = {{"branch3.0", square(reduce5)}, {"branch3.1", square(five, 3)}}},
          {.pool = InceptionPool::max, .steps = {{"branch4.1", square(projection)}}}};
}

InceptionDesign googlenet_design() {
  return {.name = "GoogLeNet",
          .layers = {single("conv1", {.out = 64, .kernel = 7, .stride = 2}, 3),
                     single("conv2", square(64)),
                     single("conv3", square(192, 3), 3),
                     {"inception3a", inception_v1(64, 96, 128, 16, 32, 32)},
                     {"inception3b", inception_v1(128, 128, 192, 32, 96, 64), 3},
                     {"inception4a", inception_v1(192, 96, 208, 16, 48, 64)},
                     {"inception4b", inception_v1(160, 112, 224, 24, 64, 64)},
                     {"inception4c", inception_v1(128, 128, 256, 24, 64, 64)},
                     {"inception4d", inception_v1(112, 144, 288, 32, 64, 64)},
                     {"inception4e", inception_v1(256, 160, 320, 32, 128, 128), 2},
                     {"inception5a", inception_v1(256, 160, 320, 32, 128, 128)},
                     {"inception5b", inception_v1(384, 192, 384, 48, 128, 128)}},
          .ceils = true,
          .min_size = 15,
          .dropout = 0.2,
          .initial_std = 0.01};
}

// The layers of Inception v3 by torchvision's letters.

InceptionBranches inception_a(std::int64_t pool) {
  return {{.steps = {{"branch1x1", square(64)}}},
          {.steps = {{"branch5x5_1", square(48)}, {"branch5x5_2", square(64, 5)}}},
          {.steps = {{"branch3x3dbl_1", square(64)},
                     {"branch3x3dbl_2", square(96, 3)},
                     {"branch3x3dbl_3", square(96, 3)}}},
          {.pool = InceptionPool::average, .steps = {{"branch_pool", square(pool)}}}};
}

InceptionBranches inception_b() {
  return {{.steps = {{"branch3x3", unpadded(384, 2)}}},
          {.steps = {{"branch3x3dbl_1", square(64)},
                     {"branch3x3dbl_2", square(96, 3)},
                     {"branch3x3dbl_3", unpadded(96, 2)}}},
          {.pool = InceptionPool::halving_max}};
}

InceptionBranches inception_c(std::int64_t middle) {
  return {{.steps = {{"branch1x1", square(192)}}},
          {.steps = {{"branch7x7_1", square(middle)},
                     {"branch7x7_2", row(middle, 7)},
                     {"branch7x7_3", column(192, 7)}}},
          {.steps = {{"branch7x7dbl_1", square(middle)},
                     {"branch7x7dbl_2", column(middle, 7)},
                     {"branch7x7dbl_3", row(middle, 7)},
                     {"branch7x7dbl_4", column(middle, 7)},
                     {"branch7x7dbl_5", row(192, 7)}}},
          {.pool = InceptionPool::average, .steps = {{"branch_pool", square(192)}}}};
}

InceptionBranches inception_d() {
  return {{.steps = {{"branch3x3_1", square(192)}, {"branch3x3_2", unpadded(320, 2)}}},
          {.steps = {{"branch7x7x3_1", square(192)},
                     {"branch7x7x3_2", row(192, 7)},
                     {"branch7x7x3_3", column(192, 7)},
                     {"branch7x7x3_4", unpadded(192, 2)}}},
          {.pool = InceptionPool::halving_max}};
}

InceptionBranches inception_e() {
  return {{.steps = {{"branch1x1", square(320)}}},
          {.steps = {{"branch3x3_1", square(384)},
                     {"branch3x3_2a", row(384, 3)},
                     {"branch3x3_2b", column(384, 3), /*beside=*/true}}},
          {.steps = {{"branch3x3dbl_1", square(448)},
                     {"branch3x3dbl_2", square(384, 3)},
                     {"branch3x3dbl_3a", row(384, 3)},
                     {"branch3x3dbl_3b", column(384, 3), /*beside=*/true}}},
          {.pool = InceptionPool::average, .steps = {{"branch_pool", square(192)}}}};
}

InceptionDesign inception_v3_design() {
  return {.name = "Inception v3",
          .layers = {single("Conv2d_1a_3x3", unpadded(32, 2)),
                     single("Conv2d_2a_3x3", unpadded(32)),
                     single("Conv2d_2b_3x3", square(64, 3), 3),
                     single("Conv2d_3b_1x1", square(80)),
                     single("Conv2d_4a_3x3", unpadded(192), 3),
                     {"Mixed_5b", inception_a(32)},
                     {"Mixed_5c", inception_a(64)},
                     {"Mixed_5d", inception_a(64)},
                     {"Mixed_6a", inception_b()},
                     {"Mixed_6b", inception_c(128)},
                     {"Mixed_6c", inception_c(160)},
                     {"Mixed_6d", inception_c(160)},
                     {"Mixed_6e", inception_c(192)},
                     {"Mixed_7a", inception_d()},
                     {"Mixed_7b", inception_e()},
                     {"Mixed_7c", inception_e()}},
          .ceils = false,
          .min_size = 75,
          .dropout = 0.5,
          .initial_std = 0.1};
}

NetworkPtr make_inception(const InceptionDesign& design, const NetworkOptions& options) {
  auto network = std::make_shared<Inception>(design, options.classes);
  if (options.init == Init::none) return network;
  // torchvision truncates at ±2, which is 20 deviations or more.
  for (const auto& module : network->modules()) {
    if (const auto* conv = module->as<Conv>()) torch::nn::init::normal_(conv->weight, 0, design.initial_std);
  }
  torch::nn::init::normal_(network->head()->weight, 0, design.initial_std);
  return network;
}

ModelSpec inception(const std::string& name, std::int64_t parameters, InceptionDesign design) {
  ModelSpec spec = torchvision_model(
      name, "inception", parameters,
      [design = std::move(design)](const NetworkOptions& o) { return make_inception(design, o); });
  spec.python_network =
      "torchvision.models." + name + "(num_classes={}, aux_logits=False, init_weights=False)";
  return spec;
}

}  // namespace

std::vector<ModelSpec> inception_models() {
  return {inception("googlenet", 6'624'904, googlenet_design()),
          inception("inception_v3", 23'834'568, inception_v3_design())};
}

}  // namespace graft
