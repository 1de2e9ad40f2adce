#include "graft/kernels/convolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include "graft/core/error.h"

namespace graft {
namespace {

using Values = std::vector<float>;

struct Layer {
  std::int64_t in, out, groups, kernel_height, kernel_width, stride;
  Padding padding;
};
constexpr Layer layers[] = {
    {3, 16, 1, 7, 7, 2, {3, 3, 3, 3}},
    {16, 24, 1, 3, 3, 1, {1, 1, 1, 1}},
    {24, 40, 1, 1, 1, 1, {}},
    {24, 24, 24, 5, 5, 2, {1, 2, 2, 2}},
    {32, 32, 32, 3, 3, 2, {0, 0, 1, 1}},
    {32, 48, 4, 3, 3, 1, {1, 1, 1, 1}},
    {8, 8, 1, 1, 7, 1, {0, 3, 0, 3}},
    {1, 5, 1, 2, 2, 2, {}},
};

Values random_values(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  Values values(count);
  for (float& each : values) each = normal(engine);
  return values;
}

double activated(double x, Activation activation) {
  const double relu6 = std::clamp(x + 3, 0.0, 6.0);
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return std::max(x, 0.0);
    case Activation::relu6:
      return std::clamp(x, 0.0, 6.0);
    case Activation::hardswish:
      return x * relu6 / 6;
    case Activation::silu:
      return x / (1 + std::exp(-x));
    case Activation::gelu:
      return x / 2 * (1 + std::erf(x / std::sqrt(2)));
    case Activation::gelu_tanh:
      return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case Activation::quick_gelu:
      return x / (1 + std::exp(-1.702 * x));
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::hardsigmoid:
      return relu6 / 6;
  }
  return 0;
}

// A layer with random weights, computed by Convolution and by its definition in float64.
class RandomLayer {
 public:
  explicit RandomLayer(const Layer& layer)
      : layer_(layer),
        weight_(random_values(static_cast<std::size_t>(layer.out * layer.in / layer.groups *
                                                       layer.kernel_height * layer.kernel_width),
                              1)),
        bias_(random_values(static_cast<std::size_t>(layer.out), 2)),
        convolution_(Convolution::make({weight_.data(), bias_.data(), layer.in, layer.out, layer.groups,
                                        layer.kernel_height, layer.kernel_width, layer.stride},
                                       input(32, 56, 56), {Activation::relu, true})) {}

  bool exists() const { return convolution_ != nullptr; }
  Convolution& convolution() { return *convolution_; }

  Convolution::Input input(std::int64_t images, std::int64_t height, std::int64_t width) const {
    return {images, height, width, layer_.padding, 1};
  }
  Values x(const Convolution::Input& of) const {
    return random_values(static_cast<std::size_t>(of.images * of.height * of.width * layer_.in), 3);
  }
  std::size_t outputs(const Convolution::Input& of) const {
    return static_cast<std::size_t>(of.images * height(of) * width(of) * layer_.out);
  }

  Values computed(const Convolution::Input& of, Activation activation, const Values& x,
                  const Values& shortcut) const {
    Values y(outputs(of), std::numeric_limits<float>::quiet_NaN());
    (*convolution_)(of, activation, x.data(), shortcut.empty() ? nullptr : shortcut.data(), y.data());
    return y;
  }

  Values expected(const Convolution::Input& of, Activation activation, const Values& x,
                  const Values& shortcut) const {
    Values y(outputs(of));
    std::size_t place = 0;
    for (std::int64_t image = 0; image < of.images; ++image) {
      for (std::int64_t row = 0; row < height(of); ++row) {
        for (std::int64_t column = 0; column < width(of); ++column) {
          for (std::int64_t channel = 0; channel < layer_.out; ++channel, ++place) {
            const double sum =
                sum_at(of, x, image, row, column, channel) + (shortcut.empty() ? 0 : shortcut[place]);
            y[place] = static_cast<float>(activated(sum, activation));
          }
        }
      }
    }
    return y;
  }

 private:
  std::int64_t height(const Convolution::Input& of) const {
    return (of.height + of.padding.top + of.padding.bottom - layer_.kernel_height) / layer_.stride + 1;
  }
  std::int64_t width(const Convolution::Input& of) const {
    return (of.width + of.padding.left + of.padding.right - layer_.kernel_width) / layer_.stride + 1;
  }

  double sum_at(const Convolution::Input& of, const Values& x, std::int64_t image, std::int64_t row,
                std::int64_t column, std::int64_t channel) const {
    const std::int64_t inputs = layer_.in / layer_.groups;  // of one group
    const std::int64_t first = channel / (layer_.out / layer_.groups) * inputs;
    double sum = bias_[static_cast<std::size_t>(channel)];
    for (std::int64_t i = 0; i < layer_.kernel_height; ++i) {
      for (std::int64_t j = 0; j < layer_.kernel_width; ++j) {
        const std::int64_t y = row * layer_.stride + i - of.padding.top;
        const std::int64_t z = column * layer_.stride + j - of.padding.left;
        if (y < 0 || y >= of.height || z < 0 || z >= of.width) continue;
        for (std::int64_t c = 0; c < inputs; ++c)
          sum += static_cast<double>(x[static_cast<std::size_t>(
                     ((image * of.height + y) * of.width + z) * layer_.in + first + c)]) *
                 weight_[static_cast<std::size_t>(
                     ((channel * layer_.kernel_height + i) * layer_.kernel_width + j) * inputs + c)];
      }
    }
    return sum;
  }

  Layer layer_;
  Values weight_, bias_;
  std::unique_ptr<Convolution> convolution_;
};

double difference(const Values& a, const Values& b) {
  double greatest = 0;
  // Not std::max, which ignores a NaN.
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double each = std::abs(static_cast<double>(a[i]) - b[i]);
    if (!(each <= greatest)) greatest = each;
  }
  return greatest;
}

constexpr double rounding = 1e-4;  // of sums of up to 150 products of normal values

TEST(Convolution, HasTheValuesOfItsDefinition) {
  for (const Layer& layer : layers) {
    RandomLayer random(layer);
    if (!random.exists()) GTEST_SKIP() << "built without oneDNN";
    for (const auto activation :
         {Activation::none, Activation::relu, Activation::relu6, Activation::hardswish, Activation::silu,
          Activation::gelu, Activation::gelu_tanh, Activation::quick_gelu, Activation::sigmoid,
          Activation::hardsigmoid}) {
      const auto input = random.input(2, 13, 10);
      const Values x = random.x(input), shortcut = random_values(random.outputs(input), 4);
      for (const Values& added : {Values(), shortcut}) {
        EXPECT_LT(difference(random.computed(input, activation, x, added),
                             random.expected(input, activation, x, added)),
                  rounding)
            << layer.in << " channels, kernel " << layer.kernel_height << ", activation "
            << static_cast<int>(activation);
      }
    }
  }
}

TEST(Convolution, MadeForOneSizeItTakesAnyOther) {
  RandomLayer random(layers[1]);
  if (!random.exists()) GTEST_SKIP() << "built without oneDNN";
  // More sizes than primitives are kept.
  for (std::int64_t images = 1; images <= 3; ++images) {
    for (std::int64_t size = 1; size <= 30; ++size) {
      const auto input = random.input(images, size, 31 - size);
      const Values x = random.x(input);
      EXPECT_LT(difference(random.computed(input, Activation::relu, x, {}),
                           random.expected(input, Activation::relu, x, {})),
                rounding);
    }
  }
}

TEST(Convolution, ManyThreadsCallIt) {
  RandomLayer random(layers[3]);
  if (!random.exists()) GTEST_SKIP() << "built without oneDNN";
  std::vector<double> differences(8, 1);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < differences.size(); ++i)
    threads.emplace_back([&, i] {
      differences[i] = 0;
      for (int round = 0; round < 20; ++round) {
        const auto input = random.input(1 + round % 5, 9 + static_cast<std::int64_t>(i), 12);
        const Values x = random.x(input);
        differences[i] =
            std::max(differences[i], difference(random.computed(input, Activation::silu, x, {}),
                                                random.expected(input, Activation::silu, x, {})));
      }
    });
  for (std::thread& each : threads) each.join();
  for (const double each : differences) EXPECT_LT(each, rounding);
}

TEST(Convolution, AnInputSmallerThanTheKernelIsAnError) {
  RandomLayer random({16, 16, 1, 5, 5, 1, {}});
  if (!random.exists()) GTEST_SKIP() << "built without oneDNN";
  const auto input = random.input(1, 2, 9);
  const Values x = random.x(input);
  Values y(1000);
  EXPECT_THROW(random.convolution()(input, Activation::none, x.data(), nullptr, y.data()), EngineError);
}

}  // namespace
}  // namespace graft
