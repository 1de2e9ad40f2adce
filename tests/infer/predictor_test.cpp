#include "graft/infer/predictor.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <future>
#include <new>
#include <stdexcept>

#include "graft/core/error.h"
#include "graft/device/engine_error.h"
#include "graft/image/codec.h"
#include "graft/infer/predict.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Model saved_model(const test::TemporaryFolder& folder) {
  const ModelSpec& spec = find_model("resnet18");
  const Model model{spec.name, {"a", "b"}, spec.preprocess, {}, build_with_weights(spec, 2, "none").network};
  save_model(folder.path() / "model.safetensors", model);
  return model;
}

double first_probability(const Predictor& predictor, const std::string& picture) {
  double probability = 0;
  predictor.predict({picture}, {}, [&](const Prediction& p) { probability = p.top.front().probability; });
  return probability;
}

TEST(Predictor, PredictsAsItsModel) {
  const test::TemporaryFolder folder;
  const Model model = saved_model(folder);
  const std::vector<std::string> pictures = {folder.write("1.ppm", test::generated_picture(0, 1)).string()};

  std::vector<double> expected, answered;
  predict(InferenceModel::compile(model, torch::kCPU), pictures, {.top_k = 2}, [&](const Prediction& p) {
    for (const ClassScore& score : p.top) expected.push_back(score.probability);
  });
  const Predictor predictor(folder.path(), "cpu");
  EXPECT_EQ(predictor.classes(), model.classes);
  predictor.predict(pictures, {.top_k = 2}, [&](const Prediction& p) {
    for (const ClassScore& score : p.top) answered.push_back(score.probability);
  });
  EXPECT_EQ(answered, expected);
}

using Scores = std::vector<ClassScore>;

Scores predicted(const Predictor& predictor, const std::string& picture) {
  Scores scores;
  predictor.predict({picture}, {.top_k = 2}, [&](const Prediction& p) { scores = p.top; });
  return scores;
}

// The same pixels as BGR, each row followed by padding.
struct BgrPixels {
  std::vector<std::uint8_t> bytes;
  ImageView view;

  explicit BgrPixels(const Image& image) {
    const std::size_t stride = image.stride() + 13;
    bytes.assign(stride * static_cast<std::size_t>(image.height()), 200);
    for (int y = 0; y < image.height(); ++y) {
      for (std::size_t i = 0; i < image.stride(); ++i)
        bytes[static_cast<std::size_t>(y) * stride + i] = image.row(y)[i / 3 * 3 + 2 - i % 3];
    }
    view = {bytes.data(), image.height(), image.width(), stride};
  }
};

TEST(Predictor, APathItsBytesAndItsPixelsHaveTheSameScores) {
  const test::TemporaryFolder folder;
  Model model = saved_model(folder);
  // Wide, tall, and smaller than the network's input.
  const std::vector<Size> sizes = {{240, 310}, {400, 260}, {40, 50}};
  for (const Fit fit : {Fit::crop, Fit::pad, Fit::squash}) {
    model.preprocess.fit = fit;
    save_model(folder.path() / "model.safetensors", model);
    const Predictor predictor(folder.path(), "cpu");
    for (const Size& size : sizes) {
      const std::string ppm = test::generated_picture(1, 3, size.height, size.width);
      const auto path = folder.write("1.ppm", ppm);
      const Image image = read_image(path);
      const std::string jpeg = encode_jpeg(image.view(), 90);
      const auto bytes_of = [](const std::string& text) {
        return std::vector<std::uint8_t>(text.begin(), text.end());
      };
      const Scores scores = predictor.classify(path);
      ASSERT_EQ(scores.size(), 2U);
      EXPECT_NEAR(scores[0].probability + scores[1].probability, 1, 1e-6);
      EXPECT_GE(scores[0].probability, scores[1].probability);
      EXPECT_EQ(predicted(predictor, path.string()), scores);
      EXPECT_EQ(predictor.classify(bytes_of(ppm)), scores);
      EXPECT_EQ(predictor.classify(image.view()), scores);
      EXPECT_EQ(predictor.classify(BgrPixels(image).view, PixelOrder::bgr), scores);
      EXPECT_NE(predictor.classify(BgrPixels(image).view), scores);
      EXPECT_EQ(predictor.classify(bytes_of(jpeg)),
                predicted(predictor, folder.write("1.jpg", jpeg).string()));
    }
  }
}

TEST(Predictor, FeaturesAreTheInputOfItsLastLayer) {
  const test::TemporaryFolder folder;
  const Model model = saved_model(folder);
  const std::string ppm = test::generated_picture(1, 3);
  const auto path = folder.write("1.ppm", ppm);
  const Image image = read_image(path);
  const InferenceModel compiled = InferenceModel::compile(model, torch::kCPU);
  const Image input = transform_val(image.view(), model.preprocess);
  const torch::Tensor expected = compiled.features(images_of(input.view(), model.preprocess));

  const Predictor predictor(folder.path(), "cpu");
  EXPECT_EQ(predictor.num_features(), 512);
  const std::vector<float> features = predictor.features(path);
  ASSERT_EQ(features.size(), 512U);
  EXPECT_TRUE(torch::tensor(features).unsqueeze(0).equal(expected));
  EXPECT_EQ(predictor.features(std::vector<std::uint8_t>(ppm.begin(), ppm.end())), features);
  EXPECT_EQ(predictor.features(image.view()), features);
  EXPECT_EQ(predictor.features(BgrPixels(image).view, PixelOrder::bgr), features);
  EXPECT_NE(predictor.features(BgrPixels(image).view), features);
  EXPECT_THAT([&] { predictor.features(folder.path() / "none.jpg"); },
              ThrowsMessage<Error>(HasSubstr("none.jpg")));
  EXPECT_THAT([&] { predictor.features(ImageView{}); }, ThrowsMessage<Error>(HasSubstr("has no pixels")));
}

TEST(Predictor, DescribesItsModel) {
  const test::TemporaryFolder folder;
  Model model = saved_model(folder);
  model.preprocess.crop = 96;
  for (const LabelKind kind : {LabelKind::single, LabelKind::multi}) {
    model.task.kind = kind;
    save_model(folder.path() / "model.safetensors", model);
    EXPECT_EQ(Predictor(folder.path(), "cpu").kind(), kind);
  }
  EXPECT_EQ(Predictor(folder.path(), "cpu").input_size(), 96);
  const ModelSpec& spec = find_model("resnet18");
  model.classes = {"age"};
  model.network = build_with_weights(spec, 1, "none").network;
  model.task = {LabelKind::number, 40, 10};
  save_model(folder.path() / "model.safetensors", model);
  const Predictor predictor(folder.path(), "cpu");
  EXPECT_EQ(predictor.kind(), LabelKind::number);
  EXPECT_EQ(predictor.classes(), model.classes);
}

TEST(Predictor, AFileThatIsNotAPictureIsAnErrorWithItsName) {
  const test::TemporaryFolder folder;
  saved_model(folder);
  const Predictor predictor(folder.path(), "cpu");
  const std::vector<std::uint8_t> bytes(100, 7);
  const auto names = [](const char* name) { return ThrowsMessage<Error>(HasSubstr(name)); };
  EXPECT_THAT([&] { predictor.classify(bytes, "upload 5"); }, names("upload 5"));
  EXPECT_THAT([&] { predictor.classify(std::span<const std::uint8_t>()); }, names("the picture: is empty"));
  EXPECT_THAT([&] { predictor.classify(folder.path() / "none.jpg"); }, names("none.jpg"));
  EXPECT_THAT([&] { predictor.classify(ImageView{bytes.data(), 2, 30, 60}); }, names("a stride of 60 bytes"));
  EXPECT_THAT([&] { predictor.classify(ImageView{}); }, names("has no pixels"));
}

TEST(Predictor, PlainWeightsAreAnErrorWithAdviceForPrograms) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "plain.pth";
  write_pth(file, state_of(*find_model("resnet18").build({2, Init::random})).tensors);
  try {
    const Predictor predictor(file, "cpu");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.advice(),
              "make a model file of them: save_model(FILE, pretrained_model(\"resnet18\", \"" +
                  file.string() + "\"))");
  }
}

TEST(Predictor, NonsenseRequestsAreRefused) {
  const test::TemporaryFolder folder;
  saved_model(folder);
  EXPECT_THAT([&] { Predictor(folder.path(), "cpu", -4); },
              ThrowsMessage<UsageError>(HasSubstr("`threads`: -4")));
  const Predictor predictor(folder.path(), "cpu");
  EXPECT_THAT([&] { predictor.predict({"1.ppm"}, {}, {}); }, ThrowsMessage<UsageError>(HasSubstr("`each`")));
}

TEST(Predictor, EightThreadsPredictAsOne) {
  const test::TemporaryFolder folder;
  saved_model(folder);
  std::vector<std::string> paths;
  std::vector<Image> images;
  for (int i = 0; i < 8; ++i) {
    paths.push_back(folder.write(std::to_string(i) + ".ppm", test::generated_picture(i % 3, i)).string());
    images.push_back(read_image(paths.back()));
  }
  std::vector<Scores> expected;
  for (const std::string& path : paths) expected.push_back(predicted(Predictor(folder.path(), "cpu"), path));
  const Predictor predictor(folder.path(), "cpu");
  const auto work = [&](std::size_t first) {
    bool equal = true;
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t n = (first + i) % 8;
      equal = equal && predictor.classify(images[n].view()) == expected[n];
      equal = equal && predicted(predictor, paths[n]) == expected[n];
      equal = equal && predictor.classify(BgrPixels(images[n]).view, PixelOrder::bgr) == expected[n];
    }
    return equal;
  };
  std::vector<std::future<bool>> threads;
  for (std::size_t i = 0; i < 8; ++i) threads.push_back(std::async(std::launch::async, work, i));
  for (std::future<bool>& thread : threads) EXPECT_TRUE(thread.get());
}

TEST(Predictor, ComputesWithTheRequestedThreads) {
  const int before = at::get_num_threads();
  const test::TemporaryFolder folder;
  saved_model(folder);
  at::set_num_threads(2);
  const Predictor predictor(folder.path(), "cpu", 1);
  EXPECT_EQ(at::get_num_threads(), 1);
  EXPECT_EQ(std::async(std::launch::async, at::get_num_threads).get(), 1);
  at::set_num_threads(before);
}

// OpenMP's threads do not exist in the child: waiting for them would take forever.
TEST(Predictor, PredictsInAForkedProcess) {
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  const test::TemporaryFolder folder;
  saved_model(folder);
  const std::string picture = folder.write("1.ppm", test::generated_picture(0, 1)).string();
  const Predictor predictor(folder.path(), "cpu");
  const Image pixels = read_image(picture);
  const double expected = first_probability(predictor, picture);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::alarm(120);  // a child that hangs is killed
    const double answered = first_probability(predictor, picture);
    const double by_pixels = predictor.classify(pixels.view()).front().probability;
    const bool right = std::abs(answered - expected) < 1e-4 && by_pixels == answered;
    ::_exit(right && at::get_num_threads() == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_NEAR(first_probability(predictor, picture), expected, 1e-6);  // the parent is not affected
  EXPECT_EQ(at::get_num_threads(), 2);
  at::set_num_threads(before);
}

TEST(Predictor, ItsErrorsAreEngineErrors) {
  const test::TemporaryFolder folder;
  saved_model(folder);
  const std::string picture = folder.write("1.ppm", test::generated_picture(0, 1)).string();
  const Predictor predictor(folder.path(), "cpu");
  const auto predict_with = [&](const PredictionCallback& each) { predictor.predict({picture}, {}, each); };
  EXPECT_THROW(predict_with([](const Prediction&) { throw std::bad_alloc(); }), EngineError);
  EXPECT_THROW(predict_with([](const Prediction&) { throw std::logic_error("a caller's own"); }),
               std::logic_error);
}

}  // namespace
}  // namespace graft
