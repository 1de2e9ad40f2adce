// RegNet X and Y as in torchvision (Radosavovic et al., arXiv:2003.13678). Parameter names, order and
// initialisation are those of torchvision.models.regnet, for the shapes that only timm has those of
// timm.models.regnet.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

// X has no squeeze-and-excitation.
enum class RegNetKind { x, y };

// Depths and widths are those that the paper's parameters (w_0, w_a, w_m, depth) give.
struct RegNetShape {
  RegNetKind kind;
  std::array<int, 4> depths;           // blocks of each stage
  std::array<std::int64_t, 4> widths;  // channels of each stage
  std::int64_t group_width;            // channels of a group, at most the stage's
  bool timm = false;                   // timm's names and initial values
};

// The convolution and its norm have the numbers 0 and 1, in timm the names conv and bn.
Conv add_regnet_conv(torch::nn::Module& owner, const std::string& name, const ConvOptions& options,
                     bool timm) {
  return timm ? add_conv(owner, name + ".conv", Conv(options), name + ".bn") : add_conv(owner, name, options);
}

// 1×1, grouped 3×3 and 1×1 convolutions, all of `out` channels, plus a shortcut; a ReLU of the sum.
class RegNetBlockImpl : public torch::nn::Module {
 public:
  RegNetBlockImpl(const RegNetShape& shape, std::int64_t in, std::int64_t out, std::int64_t stride) {
    const auto add = [&](const char* torchvision, const char* timm, const ConvOptions& options) {
      return add_regnet_conv(*this, shape.timm ? timm : torchvision, options, shape.timm);
    };
    const auto add_shortcut = [&] {
      if (in != out || stride != 1)
        shortcut_ = add("proj", "downsample", {.in = in, .out = out, .stride = stride});
    };
    if (!shape.timm) add_shortcut();
    a_ = add("f.a", "conv1", {.in = in, .out = out});
    b_ = add("f.b", "conv2",
             {.in = out,
              .out = out,
              .kernel = 3,
              .stride = stride,
              .groups = out / std::min(shape.group_width, out)});
    if (shape.kind == RegNetKind::y) {
      const SqueezeExciteOptions options = {.channels = out, .squeezed = in / 4};
      squeeze_ = add_layer(*this, shape.timm ? "se" : "f.se", SqueezeExcite(options));
    }
    c_ = add("f.c", "conv3", {.in = out, .out = out});
    if (shape.timm) add_shortcut();
  }

  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = b_(a_(x, Activation::relu), Activation::relu);
    if (squeeze_) y = squeeze_(y);
    return c_(y, Activation::relu, shortcut_ ? shortcut_(x) : x);
  }

  void zero_last_norm() { torch::nn::init::zeros_(c_->batch_norm()->weight); }

 private:
  Conv shortcut_{nullptr}, a_{nullptr}, b_{nullptr}, c_{nullptr};
  SqueezeExcite squeeze_{nullptr};
};
TORCH_MODULE(RegNetBlock);

std::string timm_regnet_block_name(std::size_t stage, int number) {
  return 's' + std::to_string(stage + 1) + ".b" + std::to_string(number + 1);
}
std::string regnet_block_name(std::size_t stage, int number) {
  const std::string name = "block" + std::to_string(stage + 1);
  return "trunk_output." + name + "." + name + "-" + std::to_string(number);
}

class RegNet : public Network {
 public:
  RegNet(const RegNetShape& shape, std::int64_t classes) : shape_(shape) {
    std::int64_t channels = 32;
    stem_ = add_regnet_conv(*this, "stem", {.in = 3, .out = channels, .kernel = 3, .stride = 2}, shape.timm);
    for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
      for (int i = 0; i < shape.depths[stage]; ++i) {
        const auto name = shape.timm ? timm_regnet_block_name(stage, i) : regnet_block_name(stage, i);
        blocks_->push_back(
            add_layer(*this, name, RegNetBlock(shape, channels, shape.widths[stage], i == 0 ? 2 : 1)));
        channels = shape.widths[stage];
      }
    }
    add_head(shape.timm ? "head.fc" : "fc", channels, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return blocks_->forward(stem_(images, Activation::relu));
  }

  FeatureInfo feature_info() const override { return {.dim = shape_.widths.back(), .reduction = 32}; }

  void init() {
    shape_.timm ? init_as_timm() : init_convolutions();
    torch::nn::init::normal_(head()->weight, 0, 0.01);
    torch::nn::init::zeros_(head()->bias);
  }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<RegNet>(shape_, head()->weight.size(0)); }

 private:
  // The last norm of each block begins with 0.
  void init_as_timm() {
    init_by_group_fan_out(*this);
    for (const auto& module : modules()) {
      if (auto* block = module->as<RegNetBlockImpl>()) block->zero_last_norm();
    }
  }

  void init_convolutions() {
    init_by_fan_out(*this);
    // Biases, which only squeeze-and-excitation has, keep the initial values of torch.nn.Conv2d.
    for (const auto& module : modules()) {
      const auto* conv = module->as<ConvImpl>();
      if (conv == nullptr || !conv->bias.defined()) continue;
      const double bound = 1 / std::sqrt(static_cast<double>(conv->weight[0].numel()));
      torch::nn::init::uniform_(conv->bias, -bound, bound);
    }
  }

  RegNetShape shape_;
  Conv stem_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

// timm's names of the layers → torchvision's.
std::map<std::string, std::string> timm_regnet_names(const RegNetShape& shape) {
  std::map<std::string, std::string> names = {
      {"stem.conv", "stem.0"}, {"stem.bn", "stem.1"}, {"head.fc", "fc"}};
  for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
    for (int i = 0; i < shape.depths[stage]; ++i) {
      const std::string timm = timm_regnet_block_name(stage, i) + ".";
      const std::string ours = regnet_block_name(stage, i) + ".";
      for (const auto& [theirs, layer] : {std::pair("downsample", "proj"), std::pair("conv1", "f.a"),
                                          std::pair("conv2", "f.b"), std::pair("conv3", "f.c")}) {
        names[timm + theirs + ".conv"] = ours + layer + ".0";
        names[timm + theirs + ".bn"] = ours + layer + ".1";
      }
      for (const char* layer : {"fc1", "fc2"}) names[timm + "se." + layer] = ours + "f.se." + layer;
    }
  }
  return names;
}

NetworkPtr make_regnet(const RegNetShape& shape, const NetworkOptions& options) {
  auto network = std::make_shared<RegNet>(shape, options.classes);
  if (options.init == Init::random) network->init();
  return network;
}

ModelSpec timm_regnet(const std::string& name, std::int64_t parameters, RegNetShape shape) {
  shape.timm = true;
  return timm_model(name, "regnet", parameters,
                    [shape](const NetworkOptions& o) { return make_regnet(shape, o); });
}

ModelSpec regnet(const std::string& name, const std::string& timm_name, std::int64_t parameters,
                 const RegNetShape& shape) {
  ModelSpec spec = torchvision_model(name, "regnet", parameters,
                                     [shape](const NetworkOptions& o) { return make_regnet(shape, o); });
  spec.timm_name = timm_name;
  spec.other_names = timm_regnet_names(shape);
  return spec;
}

}  // namespace

std::vector<ModelSpec> regnet_models() {
  constexpr auto x = RegNetKind::x, y = RegNetKind::y;
  return {
      regnet("regnet_x_400mf", "regnetx_004_tv", 5'495'976, {x, {1, 2, 7, 12}, {32, 64, 160, 400}, 16}),
      regnet("regnet_x_800mf", "regnetx_008", 7'259'656, {x, {1, 3, 7, 5}, {64, 128, 288, 672}, 16}),
      regnet("regnet_x_1_6gf", "regnetx_016", 9'190'136, {x, {2, 4, 10, 2}, {72, 168, 408, 912}, 24}),
      regnet("regnet_x_3_2gf", "regnetx_032", 15'296'552, {x, {2, 6, 15, 2}, {96, 192, 432, 1008}, 48}),
      regnet("regnet_x_8gf", "regnetx_080", 39'572'648, {x, {2, 5, 15, 1}, {80, 240, 720, 1920}, 120}),
      regnet("regnet_x_16gf", "regnetx_160", 54'278'536, {x, {2, 6, 13, 1}, {256, 512, 896, 2048}, 128}),
      regnet("regnet_x_32gf", "regnetx_320", 107'811'560, {x, {2, 7, 13, 1}, {336, 672, 1344, 2520}, 168}),
      regnet("regnet_y_400mf", "regnety_004", 4'344'144, {y, {1, 3, 6, 6}, {48, 104, 208, 440}, 8}),
      regnet("regnet_y_800mf", "regnety_008_tv", 6'432'512, {y, {1, 3, 8, 2}, {64, 144, 320, 784}, 16}),
      regnet("regnet_y_1_6gf", "regnety_016", 11'202'430, {y, {2, 6, 17, 2}, {48, 120, 336, 888}, 24}),
      regnet("regnet_y_3_2gf", "regnety_032", 19'436'338, {y, {2, 5, 13, 1}, {72, 216, 576, 1512}, 24}),
      regnet("regnet_y_8gf", "regnety_080_tv", 39'381'472, {y, {2, 4, 10, 1}, {224, 448, 896, 2016}, 56}),
      regnet("regnet_y_16gf", "regnety_160", 83'590'140, {y, {2, 4, 11, 1}, {224, 448, 1232, 3024}, 112}),
      regnet("regnet_y_32gf", "regnety_320", 145'046'770, {y, {2, 5, 12, 1}, {232, 696, 1392, 3712}, 232}),
      regnet("regnet_y_128gf", "regnety_1280", 644'812'894, {y, {2, 7, 17, 1}, {528, 1056, 2904, 7392}, 264}),
      timm_regnet("regnetx_002", 2'684'792, {x, {1, 1, 4, 7}, {24, 56, 152, 368}, 8}),
      timm_regnet("regnetx_004", 5'157'512, {x, {1, 2, 7, 12}, {32, 64, 160, 384}, 16}),
      timm_regnet("regnetx_006", 6'196'040, {x, {1, 3, 5, 7}, {48, 96, 240, 528}, 24}),
      timm_regnet("regnetx_040", 22'118'248, {x, {2, 5, 14, 2}, {80, 240, 560, 1360}, 40}),
      timm_regnet("regnetx_064", 26'209'256, {x, {2, 4, 10, 1}, {168, 392, 784, 1624}, 56}),
      timm_regnet("regnetx_120", 46'106'056, {x, {2, 5, 11, 1}, {224, 448, 896, 2240}, 112}),
      timm_regnet("regnety_002", 3'162'996, {y, {1, 1, 4, 7}, {24, 56, 152, 368}, 8}),
      timm_regnet("regnety_006", 6'055'160, {y, {1, 3, 7, 4}, {48, 112, 256, 608}, 16}),
      timm_regnet("regnety_008", 6'263'168, {y, {1, 3, 8, 2}, {64, 128, 320, 768}, 16}),
      timm_regnet("regnety_040", 20'646'656, {y, {2, 6, 12, 2}, {128, 192, 512, 1088}, 64}),
      timm_regnet("regnety_064", 30'583'252, {y, {2, 7, 14, 2}, {144, 288, 576, 1296}, 72}),
      timm_regnet("regnety_080", 39'180'068, {y, {2, 4, 10, 1}, {168, 448, 896, 2016}, 56}),
      timm_regnet("regnety_120", 51'822'544, {y, {2, 5, 11, 1}, {224, 448, 896, 2240}, 112}),
      timm_regnet("regnety_640", 281'378'786, {y, {2, 5, 12, 1}, {328, 984, 1968, 4920}, 328}),
  };
}

}  // namespace graft
