#include "graft/infer/inference_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/predict.h"
#include "graft/infer/test_time.h"
#include "graft/models/load.h"
#include "graft/session/sheets.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::string flat_picture(int value) { return "P5 20 20 255\n" + std::string(400, static_cast<char>(value)); }

// A network that overflows only for white pictures: its features are 0 for black.
class CheckAnswers : public testing::Test {
 protected:
  CheckAnswers() {
    const torch::NoGradGuard no_gradients;
    model_.network->eval();
    model_.preprocess.mean = {0, 0, 0};
    for (torch::Tensor& parameter : model_.network->parameters()) parameter.fill_(0);
    for (auto& [name, tensor] : named_tensors(*model_.network)) {
      if (name == "conv.weight" || name == "norm.weight") tensor.fill_(1);
      if (name == "fc.weight") tensor.fill_(3e38F);
    }
    auto samples = std::make_shared<std::vector<Sample>>();
    for (const int value : {0, 0, 255, 255}) {
      const auto name = std::to_string(samples->size()) + ".pgm";
      samples->push_back({folder_.write(name, flat_picture(value)).string(), 0});
      paths_.push_back(samples->back().path);
    }
    samples_ = samples;
  }
  InferenceModel compiled() const { return InferenceModel::compile(model_, torch::kCPU); }
  auto names_the_first_white_picture(const char* layer) const {
    return ThrowsMessage<Error>(
        AllOf(HasSubstr(paths_[2] + ": the network gives values that are not finite"), HasSubstr(layer)));
  }
  void overflow_in_the_backbone() {
    const torch::NoGradGuard no_gradients;
    for (auto& [name, tensor] : named_tensors(*model_.network)) {
      if (name == "conv.weight") tensor.fill_(3e38F);
    }
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> paths_;
  SharedSamples samples_;
  Model model_ = test::tiny_model({"a", "b"});
};

TEST_F(CheckAnswers, EveryFormOfPredictNamesThePicture) {
  for (const LabelKind kind : {LabelKind::single, LabelKind::multi}) {
    model_.task = {kind};
    for (const Tta tta : {Tta::off, Tta::flip}) {
      for (const int batch_size : {1, 4}) {
        PredictOptions options{.top_k = 2, .tta = tta};
        options.loader.batch_size = batch_size;
        options.loader.skip_bad = true;
        int answered = 0;
        const auto run = [&] {
          predict(compiled(), paths_, options, [&](const Prediction& prediction) {
            EXPECT_TRUE(std::isfinite(prediction.top[0].probability));
            ++answered;
          });
        };
        EXPECT_THAT(run, names_the_first_white_picture("from fc on"));
        EXPECT_EQ(answered, batch_size == 1 ? 2 : 0);
      }
    }
  }
}

TEST_F(CheckAnswers, EvaluationNamesThePicture) {
  const auto source =
      test_time_source(samples_, model_.preprocess, {}, DecodeOptions().max_pixels, Tta::off, torch::kCPU);
  EXPECT_THAT([&] { evaluate(compiled(), *source); }, names_the_first_white_picture("from fc on"));
  model_.task = {LabelKind::multi};
  EXPECT_THAT([&] { evaluate(compiled(), *source, {.targets = torch::eye(2)}); },
              names_the_first_white_picture("from fc on"));
}

TEST_F(CheckAnswers, FeaturesNameThePictureAndLogitsOfThemTheHead) {
  const Loader loader(samples_, model_.preprocess, {});
  const FeatureSet set = extract_features(compiled(), loader, "val");
  EXPECT_THAT([&] { evaluate_features(*model_.network, *make_task({}), set, torch::kCPU); },
              ThrowsMessage<Error>(HasSubstr("fc: the network gives values that are not finite")));
  overflow_in_the_backbone();
  EXPECT_THAT([&] { extract_features(compiled(), loader, "val"); },
              names_the_first_white_picture("from the mean of the last feature maps on"));
}

TEST_F(CheckAnswers, GradCamAndSheetsNameThePicture) {
  const torch::Tensor black = torch::zeros({1, 3, 16, 16}), white = torch::ones({1, 3, 16, 16});
  EXPECT_NO_THROW(grad_cam(compiled(), black));
  EXPECT_THAT([&] { grad_cam(compiled(), white); }, ThrowsMessage<Error>(HasSubstr("from fc on")));
  EXPECT_THAT(
      [&] {
        draw_predictions(model_, *samples_, {"a", "b"}, {}, {}, 4, torch::kCPU);
      },
      ThrowsMessage<Error>(HasSubstr("from fc on")));
}

TEST_F(CheckAnswers, ATensorThatIsNotFiniteIsNamedBeforeAnyPicture) {
  for (auto& [name, tensor] : named_tensors(*model_.network)) {
    if (name == "norm.running_var") tensor[3] = -1;
  }
  EXPECT_THAT([&] { predict(compiled(), paths_, {}, [](const Prediction&) {}); },
              ThrowsMessage<Error>(HasSubstr("norm.running_var: holds a negative variance")));
}

}  // namespace
}  // namespace graft
