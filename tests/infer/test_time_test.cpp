#include "graft/infer/test_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/infer/evaluate.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

constexpr std::uint64_t max_pixels = 1'000'000;

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class TestTime : public ::testing::Test {
 protected:
  TestTime() {
    auto samples = std::make_shared<std::vector<Sample>>();
    for (int i = 0; i < 7; ++i) {
      const auto path = folder_.write(std::to_string(i) + ".ppm", test::generated_picture(i % 3, i, 40, 56));
      samples->push_back({path.string(), i % 3});
    }
    samples_ = samples;
    model_.network->eval();
  }
  InferenceModel compiled() const { return InferenceModel::compile(model_, torch::kCPU); }
  TensorBatch first(Tta tta, const LoaderOptions& options = {}) const {
    const auto source = test_time_source(samples_, model_.preprocess, options, max_pixels, tta, torch::kCPU);
    return *source->epoch(0)->next();
  }

  test::TemporaryFolder folder_;
  SharedSamples samples_;
  Model model_ = test::tiny_model({"a", "b", "c"});
};

TEST_F(TestTime, FlipAddsTheMirrorImages) {
  const TensorBatch batch = first(Tta::flip);
  ASSERT_EQ(batch.views.size(), 1U);
  EXPECT_TRUE(torch::equal(batch.views[0], batch.images.flip(3)));
  EXPECT_TRUE(first(Tta::off).views.empty());
}

// The 16×16 squares of FiveCrop, for a picture that is resized to 20×28.
TEST_F(TestTime, CropsAreThoseOfTenCrop) {
  model_.preprocess.resize = 20;
  const TensorBatch batch = first(Tta::crops);
  ASSERT_EQ(batch.views.size(), 9U);
  const torch::Tensor centre = batch.images;
  const auto corner = [&](int view) { return batch.views[static_cast<std::size_t>(view)]; };
  // Neighbouring crops show the same pixels where they overlap: with 16 of 28 columns the shift is 12, for
  // the centre 6; with 20 rows 4 and 2.
  const auto part = [](const torch::Tensor& images, int top, int left, int height, int width) {
    return images.slice(2, top, top + height).slice(3, left, left + width);
  };
  const torch::Tensor &tl = corner(1), &tr = corner(3), &bl = corner(5), &br = corner(7);
  EXPECT_TRUE(torch::equal(part(tl, 0, 12, 16, 4), part(tr, 0, 0, 16, 4)));
  EXPECT_TRUE(torch::equal(part(tl, 4, 0, 12, 16), part(bl, 0, 0, 12, 16)));
  EXPECT_TRUE(torch::equal(part(br, 0, 0, 12, 16), part(tr, 4, 0, 12, 16)));
  EXPECT_TRUE(torch::equal(part(tl, 2, 6, 14, 10), part(centre, 0, 0, 14, 10)));
  EXPECT_TRUE(torch::equal(part(br, 0, 0, 14, 10), part(centre, 2, 6, 14, 10)));
  EXPECT_FALSE(torch::equal(tl, br));
  for (int view = 1; view < 9; view += 2) EXPECT_TRUE(torch::equal(corner(view + 1), corner(view).flip(3)));
  EXPECT_TRUE(torch::equal(corner(0), centre.flip(3)));
}

// For 21×29: TenCrop mirrors the whole picture; its centre is columns 6 to 21, which are columns 7 to 22 of
// the original.
TEST_F(TestTime, TheMirroredCentreIsThatOfTheMirroredPicture) {
  model_.preprocess.resize = 21;
  const TensorBatch batch = first(Tta::crops);
  ASSERT_EQ(batch.views.size(), 9U);
  const torch::Tensor seen = batch.views[0].flip(3);
  EXPECT_TRUE(torch::equal(seen.slice(3, 0, 15), batch.images.slice(3, 1, 16)));
  EXPECT_FALSE(torch::equal(seen, batch.images));
}

TEST_F(TestTime, TheAnswerIsTheMeanOfTheProbabilities) {
  const torch::NoGradGuard no_gradients;
  const TensorBatch batch = first(Tta::flip);
  const auto own = model_.network->forward(batch.images), other = model_.network->forward(batch.views[0]);
  const auto mean = (torch::softmax(own, 1) + torch::softmax(other, 1)) / 2;
  EXPECT_TRUE(torch::allclose(torch::softmax(outputs_of(compiled(), batch), 1), mean, 1e-5, 1e-6));
  const auto several = (torch::sigmoid(own) + torch::sigmoid(other)) / 2;
  EXPECT_TRUE(torch::equal(outputs_of(compiled(), first(Tta::off)), own));
  model_.task = {LabelKind::multi};
  EXPECT_TRUE(torch::allclose(torch::sigmoid(outputs_of(compiled(), batch)), several, 1e-5, 1e-6));
  model_.task = {LabelKind::number, 10, 4};
  EXPECT_TRUE(torch::allclose(outputs_of(compiled(), batch), (own + other) / 2, 1e-5, 1e-5));
}

TEST_F(TestTime, EvaluationUsesTheViews) {
  const auto with = test_time_source(samples_, model_.preprocess, {}, max_pixels, Tta::flip, torch::kCPU);
  const auto without = test_time_source(samples_, model_.preprocess, {}, max_pixels, Tta::off, torch::kCPU);
  const Evaluation a = evaluate(compiled(), *with), b = evaluate(compiled(), *without);
  ASSERT_EQ(a.outcomes.size(), 7U);
  EXPECT_NE(mean_loss(a.outcomes), mean_loss(b.outcomes));
  // By Jensen's inequality the loss of the mean is at most the mean of the losses, half of which is b's.
  EXPECT_GT(2 * mean_loss(b.outcomes), mean_loss(a.outcomes));
}

TEST_F(TestTime, CropsNeedAModelThatCrops) {
  model_.preprocess.fit = Fit::pad;
  EXPECT_THAT([&] { first(Tta::crops); }, ThrowsMessage<UsageError>(HasSubstr("`tta`")));
  EXPECT_EQ(first(Tta::flip).views.size(), 1U);
}

TEST_F(TestTime, ABadPictureIsMissingInEveryView) {
  auto samples = *samples_;
  samples.insert(samples.begin() + 1, {folder_.write("bad.ppm", "not a picture").string(), 0});
  samples_ = std::make_shared<const std::vector<Sample>>(samples);
  const TensorBatch batch = first(Tta::crops, {.batch_size = 4, .skip_bad = true});
  EXPECT_EQ(batch.indices, (std::vector<std::uint32_t>{0, 2, 3}));
  for (const torch::Tensor& view : batch.views) EXPECT_EQ(view.size(0), 3);
}

}  // namespace
}  // namespace graft
