#include "graft/session/sheets.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

// Pixels with one dominant channel: coloured letters, because the pictures are grey.
std::pair<int, int> green_and_red_pixels(const Image& image) {
  int green = 0, red = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const std::uint8_t* p = image.row(y) + x * 3;
      if (p[1] > p[0] + 60 && p[1] > p[2] + 60) ++green;
      if (p[0] > p[1] + 60 && p[0] > p[2] + 60) ++red;
    }
  }
  return {green, red};
}

class Visualize : public ::testing::Test {
 protected:
  Visualize() {
    for (int i = 0; i < 6; ++i) {
      const std::string gray = "P5\n20 20\n255\n" + std::string(400, static_cast<char>(40 * i));
      samples_.push_back({folder_.write(std::to_string(i) + ".pgm", gray).string(), 0});
    }
  }
  // A model that always predicts its first class.
  static Model first_class_model(const std::vector<std::string>& classes) {
    Model model = test::tiny_model(classes);
    const torch::NoGradGuard no_gradients;
    model.network->head()->weight.zero_();
    model.network->head()->bias.zero_();
    model.network->head()->bias[0] = 5;
    return model;
  }

  test::TemporaryFolder folder_;
  std::vector<Sample> samples_;
};

TEST_F(Visualize, TitlesAreGreenIfCorrectAndRedIfWrong) {
  const auto draw = [&](const std::vector<std::string>& model_classes) {
    return green_and_red_pixels(
        draw_predictions(first_class_model(model_classes), samples_, {"ant", "bee"}, {}, {}, 4, torch::kCPU));
  };
  const auto right = draw({"ant", "bee"});
  EXPECT_GT(right.first, 20);
  EXPECT_EQ(right.second, 0);
  const auto wrong =
      draw({"bee", "ant"});  // classes are matched by name: the first class is not the samples' first
  EXPECT_EQ(wrong.first, 0);
  EXPECT_GT(wrong.second, 20);
  const auto unknown =
      draw({"cat", "dog"});  // the model does not have the samples' class: neither right nor wrong
  EXPECT_EQ(unknown.first + unknown.second, 0);
}

TEST_F(Visualize, ASheetOfTheDataGrowsWithTheCount) {
  const auto draw = [&](int count) {
    return draw_batch(samples_, {"ant"}, test::tiny_preprocess(), {}, {}, count);
  };
  EXPECT_GT(draw(6).size_bytes(), draw(1).size_bytes());
  EXPECT_EQ(draw(6).size_bytes(), draw(60).size_bytes());  // the data has six pictures
}

TEST_F(Visualize, TheSeedSelectsThePictures) {
  const Model model = first_class_model({"ant", "bee"});
  const auto draw = [&](std::uint64_t seed) {
    const Image image = draw_predictions(model, samples_, {"ant", "bee"}, {}, {.seed = seed}, 2, torch::kCPU);
    return std::string(image.data(), image.data() + image.size_bytes());
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

}  // namespace
}  // namespace graft
