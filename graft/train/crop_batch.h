// The training transform on the training device: crops of images that are stored there as 8-bit pixels,
// resized with antialiasing, mirrored and normalised, a batch at a time. It uses only torch's operators, so
// it runs on any device.
//
//   const BatchCropper cropper(preprocess, layout, device);
//   const CropTable table(crops, device);                            // for an epoch, uploaded once
//   const torch::Tensor images = cropper(pixels, table, first, count);
//
// A resize is linear and separable: for each image a pair of matrices, rows and columns, with Pillow's filter
// weights, and for a batch two batched matrix products. The loader's pixels, which are rounded to 8 bits
// after each pass as in Pillow, differ by one or two of 255 levels. Single pixels may differ by a few levels
// in noise if bicubic overshoots 0 or 255 and Pillow resizes vertically before horizontally.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/device/torch.h"
#include "graft/image/image.h"

namespace graft {

// A part of a stored image that becomes one sample.
struct StoredCrop {
  std::int64_t first = 0;              // index of the top left pixel in use among all stored pixels
  std::int64_t row_pixels = 0;         // distance from one row to the next
  std::int64_t rows = 0, columns = 0;  // in use; at least 1
  Box box;                             // the region to resize, relative to that pixel: top and left below 1
  bool flip = false;
};

class CropTable {
 public:
  CropTable(std::vector<StoredCrop> crops, const torch::Device& device);

  struct Range {
    torch::Tensor places;                // N×4, int64: first, row_pixels, rows, columns
    torch::Tensor axes;                  // N×5, float32: top, height, left, width, flip
    std::int64_t rows = 0, columns = 0;  // the largest
  };
  Range range(std::int64_t first, std::int64_t count) const;

 private:
  std::vector<StoredCrop> crops_;
  torch::Tensor places_, axes_;
};

class BatchCropper {
 public:
  // `compute`: dtype of the matrix products. float16 holds 8-bit pixels exactly and weights to 1/4096, an
  // error of at most a tenth of a level in the result, and runs on CUDA's tensor cores.
  BatchCropper(const Preprocess& preprocess, BatchLayout layout, const torch::Device& device,
               torch::ScalarType compute);
  // float16 on CUDA, else float32.
  BatchCropper(const Preprocess& preprocess, BatchLayout layout, const torch::Device& device);

  // pixels: P×3, uint8, images one after another in rows. Returns N×3×crop×crop, float32, normalised, for
  // crops first … first + count − 1 of the table.
  torch::Tensor operator()(const torch::Tensor& pixels, const CropTable& table, std::int64_t first,
                           std::int64_t count) const;

 private:
  torch::Tensor resized(const torch::Tensor& pixels, const CropTable::Range& crops) const;

  std::int64_t size_;
  Interpolation interpolation_;
  torch::MemoryFormat format_;
  torch::ScalarType compute_;
  torch::Tensor scale_, shift_;  // 1×3×1×1: normalised = pixel · scale + shift
};

// The scale and shift of a Preprocess: (pixel / 255 − mean) / std = pixel · scale + shift. 1×3×1×1, float32.
torch::Tensor normalize_scale(const Preprocess& preprocess, const torch::Device& device);
torch::Tensor normalize_shift(const Preprocess& preprocess, const torch::Device& device);

}  // namespace graft
