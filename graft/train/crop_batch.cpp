#include "graft/train/crop_batch.h"

#include <algorithm>
#include <utility>

#include "graft/train/resize_weights.h"

namespace graft {
namespace {

using torch::Tensor;

// Bounds the temporary memory, which depends on the largest crop of a slice.
constexpr std::int64_t max_at_once = 64;

// Rounding gives few different shapes, which suit tensor cores.
std::int64_t rounded_up(std::int64_t pixels) { return (pixels + 31) / 32 * 32; }

// 0, 1, … clamped to `used` − 1: N×count, int64. Pixels beyond those in use have weight 0, but are read.
Tensor steps(const Tensor& used, std::int64_t count) {
  const Tensor all = torch::arange(count, used.options());
  return torch::minimum(all.unsqueeze(0), used.unsqueeze(1) - 1);
}

Tensor per_channel(const std::array<float, 3>& values, const torch::Device& device) {
  return torch::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1}).to(device);
}

}  // namespace

Tensor normalize_scale(const Preprocess& preprocess, const torch::Device& device) {
  return 1 / (255 * per_channel(preprocess.std, device));
}

Tensor normalize_shift(const Preprocess& preprocess, const torch::Device& device) {
  return -per_channel(preprocess.mean, device) / per_channel(preprocess.std, device);
}

CropTable::CropTable(std::vector<StoredCrop> crops, const torch::Device& device) : crops_(std::move(crops)) {
  const auto count = static_cast<std::int64_t>(crops_.size());
  places_ = torch::empty({count, 4}, torch::kInt64);
  axes_ = torch::empty({count, 5}, torch::kFloat32);
  auto* place = places_.mutable_data_ptr<std::int64_t>();
  auto* axis = axes_.mutable_data_ptr<float>();
  for (const StoredCrop& crop : crops_) {
    for (const std::int64_t value : {crop.first, crop.row_pixels, crop.rows, crop.columns}) *place++ = value;
    for (const double value :
         {crop.box.top, crop.box.height, crop.box.left, crop.box.width, crop.flip ? 1.0 : 0.0}) {
      *axis++ = static_cast<float>(value);
    }
  }
  places_ = places_.to(device);
  axes_ = axes_.to(device);
}

CropTable::Range CropTable::range(std::int64_t first, std::int64_t count) const {
  Range range{places_.narrow(0, first, count), axes_.narrow(0, first, count)};
  for (std::int64_t i = first; i < first + count; ++i) {
    const StoredCrop& crop = crops_[static_cast<std::size_t>(i)];
    range.rows = std::max(range.rows, crop.rows);
    range.columns = std::max(range.columns, crop.columns);
  }
  return range;
}

BatchCropper::BatchCropper(const Preprocess& preprocess, BatchLayout layout, const torch::Device& device,
                           torch::ScalarType compute)
    : size_(preprocess.crop),
      interpolation_(preprocess.interpolation),
      format_(layout == BatchLayout::channels_last ? torch::MemoryFormat::ChannelsLast
                                                   : torch::MemoryFormat::Contiguous),
      compute_(compute),
      scale_(normalize_scale(preprocess, device)),
      shift_(normalize_shift(preprocess, device)) {}

BatchCropper::BatchCropper(const Preprocess& preprocess, BatchLayout layout, const torch::Device& device)
    : BatchCropper(preprocess, layout, device, device.is_cuda() ? torch::kFloat16 : torch::kFloat32) {}

Tensor BatchCropper::operator()(const Tensor& pixels, const CropTable& table, std::int64_t first,
                                std::int64_t count) const {
  const torch::NoGradGuard no_gradients;
  const auto options = torch::TensorOptions().device(pixels.device()).dtype(torch::kFloat32);
  Tensor images = torch::empty({count, 3, size_, size_}, options.memory_format(format_));
  for (std::int64_t done = 0; done < count; done += max_at_once) {
    const std::int64_t slice = std::min(max_at_once, count - done);
    const Tensor levels = resized(pixels, table.range(first + done, slice)).to(torch::kFloat32);
    Tensor out = images.narrow(0, done, slice);
    torch::addcmul_out(out, shift_, levels, scale_);
  }
  return images;
}

// N×3×size×size, levels of 255.
Tensor BatchCropper::resized(const Tensor& pixels, const CropTable::Range& crops) const {
  const std::int64_t n = crops.places.size(0), rows = rounded_up(crops.rows),
                     columns = rounded_up(crops.columns);
  const auto place = crops.places.unbind(1), axis = crops.axes.unbind(1);
  // Pixel indices: N×rows×columns. As N×rows×3×columns the pixels suit both products without a transpose.
  const Tensor row_starts = place[0].unsqueeze(1) + steps(place[2], rows) * place[1].unsqueeze(1);
  const Tensor numbers = row_starts.unsqueeze(2) + steps(place[3], columns).unsqueeze(1);
  const Tensor values = pixels.index_select(0, numbers.view(-1)).view({n, rows, columns, 3});
  const Tensor planes = torch::empty({n, rows, 3, columns}, pixels.options().dtype(compute_))
                            .copy_(values.permute({0, 1, 3, 2}));
  // Pillow resizes the rows first, and clamps after each pass to 0 to 255, which only bicubic exceeds.
  const Tensor across = resize_weights({axis[2], axis[3], place[3], axis[4]}, size_, columns, interpolation_);
  const Tensor down = resize_weights({axis[0], axis[1], place[2], {}}, size_, rows, interpolation_);
  Tensor narrowed = torch::bmm(planes.view({n, rows * 3, columns}), across.to(compute_).transpose(1, 2));
  if (interpolation_ == Interpolation::bicubic) narrowed.clamp_(0, 255);
  Tensor done = torch::bmm(down.to(compute_), narrowed.view({n, rows, 3 * size_}));
  if (interpolation_ == Interpolation::bicubic) done.clamp_(0, 255);
  return done.view({n, size_, 3, size_}).permute({0, 2, 1, 3});
}

}  // namespace graft
