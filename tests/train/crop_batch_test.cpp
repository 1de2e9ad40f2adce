#include "graft/train/crop_batch.h"

#include <gtest/gtest.h>

#include "graft/device/device.h"
#include "graft/image/resize.h"

namespace graft {
namespace {

constexpr int crop = 20;

Preprocess preprocess_of(Interpolation interpolation) {
  Preprocess preprocess;
  preprocess.crop = crop;
  preprocess.interpolation = interpolation;
  return preprocess;
}

// 3×crop×crop levels as image/resize.h makes them.
torch::Tensor expected_levels(const Image& part, bool flip, Interpolation interpolation) {
  Image resized = resize(part.view(), crop, crop, interpolation);
  if (flip) resized = flip_horizontal(resized.view());
  return torch::from_blob(resized.data(), {crop, crop, 3}, torch::kUInt8)
      .permute({2, 0, 1})
      .to(torch::kFloat32)
      .contiguous();
}

// Images in one array of pixels; each is cropped by an integer box.
struct Scene {
  torch::Tensor pixels;
  std::vector<StoredCrop> crops;
  std::vector<Image> parts;
};

// For values from 64 to 191 bicubic stays within 0 and 255.
Scene scene(int lowest = 64, int highest = 191) {
  Scene scene;
  std::vector<torch::Tensor> pictures;
  std::int64_t first = 0;
  const auto add = [&](int height, int width, const Window& box, bool flip) {
    torch::manual_seed(height * 1000 + width);
    // Noise is the worst case: neighbouring pixels are unrelated.
    const torch::Tensor picture = torch::randint(lowest, highest + 1, {height, width, 3}, torch::kUInt8);
    const torch::Tensor part =
        picture.slice(0, box.top, box.top + box.height).slice(1, box.left, box.left + box.width).contiguous();
    Image image(box.height, box.width);
    std::copy_n(part.const_data_ptr<std::uint8_t>(), image.size_bytes(), image.data());
    scene.parts.push_back(std::move(image));
    scene.crops.push_back({first + std::int64_t{box.top} * width + box.left,
                           width,
                           box.height,
                           box.width,
                           {0, 0, static_cast<double>(box.height), static_cast<double>(box.width)},
                           flip});
    pictures.push_back(picture.view({-1, 3}));
    first += std::int64_t{height} * width;
  };
  add(50, 70, {3, 5, 40, 61}, false);
  add(70, 50, {0, 0, 70, 50}, true);
  add(9, 12, {2, 4, 5, 7}, false);  // enlarged
  add(1, 1, {0, 0, 1, 1}, true);
  add(33, 20, {12, 0, 20, 20}, true);  // same size
  add(90, 30, {60, 1, 30, 8}, false);
  scene.pixels = torch::cat(pictures);
  return scene;
}

// Levels of 255.
double largest_difference(const Scene& scene, Interpolation interpolation, torch::ScalarType compute,
                          const torch::Device& device = torch::kCPU) {
  const Preprocess preprocess = preprocess_of(interpolation);
  const BatchCropper cropper(preprocess, BatchLayout::planar, device, compute);
  const torch::Tensor images = cropper(scene.pixels.to(device), CropTable(scene.crops, device), 0, 6).cpu();
  const torch::Tensor levels =
      (images - normalize_shift(preprocess, torch::kCPU)) / normalize_scale(preprocess, torch::kCPU);
  double largest = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    const auto apart = levels[static_cast<std::int64_t>(i)] -
                       expected_levels(scene.parts[i], scene.crops[i].flip, interpolation);
    largest = std::max(largest, apart.abs().max().item<double>());
  }
  return largest;
}

TEST(CropBatch, GivesTheLoadersPixelsWithinALevelOfRounding) {
  for (const auto compute : {torch::kFloat32, torch::kFloat16}) {
    EXPECT_LT(largest_difference(scene(), Interpolation::bilinear, compute), 1.2);
    EXPECT_LT(largest_difference(scene(), Interpolation::bicubic, compute), 2.0);
  }
}

TEST(CropBatch, ADeviceGivesTheLoadersPixelsToo) {
  const torch::Device device = select_device("auto");
  if (device.is_cpu()) GTEST_SKIP() << "no accelerator";
  for (const auto compute : {torch::kFloat32, torch::kFloat16}) {
    EXPECT_LT(largest_difference(scene(), Interpolation::bilinear, compute, device), 1.2);
    EXPECT_LT(largest_difference(scene(), Interpolation::bicubic, compute, device), 2.0);
  }
}

// Pillow resizes vertically first if an image loses far more rows than columns; then the order of clamping to
// 0 and 255 matters.
TEST(CropBatch, OvershootsAreCutOffAfterEachPass) {
  const Scene noise = scene(0, 255);
  EXPECT_LT(largest_difference(noise, Interpolation::bilinear, torch::kFloat32), 1.2);
  EXPECT_LT(largest_difference(noise, Interpolation::bicubic, torch::kFloat32), 16);
}

TEST(CropBatch, AnyRangeOfTheTableIsABatch) {
  const Scene all = scene();
  const BatchCropper cropper(preprocess_of(Interpolation::bilinear), BatchLayout::channels_last, torch::kCPU);
  const CropTable table(all.crops, torch::kCPU);
  const torch::Tensor whole = cropper(all.pixels, table, 0, 6), part = cropper(all.pixels, table, 2, 3);
  EXPECT_TRUE(whole.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::allclose(whole.slice(0, 2, 5), part, 1e-5, 1e-5));
}

TEST(CropBatch, LargeBatchesAreCutInSlices) {
  Scene many = scene();
  std::vector<StoredCrop> crops;
  for (int i = 0; i < 150; ++i) crops.push_back(many.crops[static_cast<std::size_t>(i) % 6]);
  const BatchCropper cropper(preprocess_of(Interpolation::bilinear), BatchLayout::planar, torch::kCPU);
  const torch::Tensor images = cropper(many.pixels, CropTable(crops, torch::kCPU), 0, 150);
  const torch::Tensor few = cropper(many.pixels, CropTable(many.crops, torch::kCPU), 0, 6);
  for (std::int64_t i = 0; i < 150; ++i) EXPECT_TRUE(torch::allclose(images[i], few[i % 6], 1e-5, 1e-5)) << i;
}

TEST(CropBatch, ABoxMayHaveEdgesBetweenPixels) {
  const Scene all = scene();
  StoredCrop crop_between = all.crops[1];
  crop_between.box = {0.5, 0.25, 60.25, 40.5};
  crop_between.rows = 61;
  crop_between.columns = 41;
  crop_between.flip = false;
  const Preprocess preprocess = preprocess_of(Interpolation::bilinear);
  const BatchCropper cropper(preprocess, BatchLayout::planar, torch::kCPU);
  const torch::Tensor image = cropper(all.pixels, CropTable({crop_between}, torch::kCPU), 0, 1);
  const Image expected = resize_box(all.parts[1].view(), crop_between.box, crop, crop, {0, 0, crop, crop},
                                    Interpolation::bilinear);
  const torch::Tensor levels =
      (image - normalize_shift(preprocess, torch::kCPU)) / normalize_scale(preprocess, torch::kCPU);
  for (int y = 0; y < crop; ++y) {
    for (int x = 0; x < crop; ++x)
      EXPECT_NEAR(levels[0][1][y][x].item<double>(), expected.row(y)[x * 3 + 1], 1.2);
  }
}

}  // namespace
}  // namespace graft
