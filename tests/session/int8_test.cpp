#include "graft/session/int8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/data/dataset.h"
#include "graft/deploy/network_graph.h"
#include "graft/deploy/quantize.h"
#include "tests/deploy/operator_network.h"
#include "tests/support/error_of.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

torch::Tensor diagonal(double last) {
  return torch::diag(torch::tensor({1.0F, 1.0F, static_cast<float>(last)})).view({3, 3, 1, 1});
}

// A classifier by the first channel, of convolutions that multiply the last channel by `factors`. Where it is
// 10,000 times as large, 8 bits for both channels lose the first.
Model spread_model(const std::vector<double>& factors) {
  Model model = test::tiny_model({"dark", "red"});
  std::vector<torch::Tensor> weights;
  for (const double factor : factors) weights.push_back(diagonal(factor));
  model.network = test::operator_network([weights](const torch::Tensor& images) {
    torch::Tensor maps = images;
    for (const torch::Tensor& each : weights) maps = torch::conv2d(maps, each);
    return maps;
  });
  const torch::NoGradGuard no_gradients;
  model.network->head()->weight.copy_(torch::tensor({{-1.0F, 0.0F, 0.0F}, {1.0F, 0.0F, 0.0F}}));
  model.network->head()->bias.zero_();
  return model;
}

OwnData pictures() {
  OwnData data;
  const auto part = [](int from) {
    auto dataset = std::make_shared<MemoryDataset>();
    for (int i = from; i < from + 8; ++i) {
      Image picture(16, 16);
      for (std::size_t x = 0; x < picture.stride(); ++x) {
        for (int y = 0; y < 16; ++y)
          picture.row(y)[x] =
              static_cast<std::uint8_t>(x % 3 == 0 ? (i % 2 == 0 ? 10 + i : 240 - i) : 255 - i);
      }
      dataset->add(picture.view(), std::int64_t{i % 2}, "picture " + std::to_string(i));
    }
    return dataset;
  };
  data.train = part(0);
  data.val = part(8);
  data.classes = {"dark", "red"};
  return data;
}

class Int8 : public ::testing::Test {
 protected:
  std::string quantized(Model& model, const Int8Options& options = {}) {
    graph_ = graph_of(*model.network, model.preprocess.crop);
    layers_ = quantizable_layers(graph_);
    return quantize_model(graph_, model, {{}, pictures()}, options, {});
  }

  OnnxGraph graph_;
  std::vector<std::string> layers_;
};

TEST_F(Int8, LayersThatHurtStayInFloat) {
  Model model = spread_model({1, 1e4, 1e-4, 1, 1, 1});
  Int8Options options;
  options.max_drop = 100;
  EXPECT_THAT(quantized(model, options), HasSubstr("accuracy 0.5000, in float32 1.0000, on 8 pictures; "
                                                   "layers in float32: none"));
  options.max_drop = 1;
  const std::string words = quantized(model, options);
  EXPECT_THAT(words, AllOf(HasSubstr("accuracy 1.0000, in float32 1.0000"),
                           HasSubstr("layers in float32: " + layers_.at(1) + ", " + layers_.at(2))));
  EXPECT_TRUE(graph_.constants.contains(layers_.at(1)));
  EXPECT_FALSE(graph_.constants.contains(layers_.at(0)));
}

TEST_F(Int8, TooLowAMetricIsAnError) {
  Model model = spread_model({1e4, 1e-4, 1e4, 1e-4});
  EXPECT_THAT(test::error_of([&] { quantized(model); }),
              AllOf(HasSubstr("the quantised model: loses more than `max_drop` 1: accuracy 0.5000"),
                    HasSubstr("export with `half`")));
}

TEST_F(Int8, TheEndsCanStayInFloat) {
  Model model = spread_model({1});
  Int8Options options;
  options.float_ends = true;
  const std::string words = quantized(model, options);
  EXPECT_THAT(words, HasSubstr("layers in float32: " + layers_.front() + ", fc"));
}

}  // namespace
}  // namespace graft
