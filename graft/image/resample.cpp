#include "graft/image/resample.h"

#include <algorithm>
#include <vector>

#include "graft/image/resample_kernels.h"

namespace graft {
namespace {

using Rows = std::vector<const std::uint8_t*>;

void sum_down(const Rows& rows, const FilterTaps& taps, int y, Image& out) {
  best_kernels().down(rows.data(), taps.weights_of(y), taps.count[static_cast<std::size_t>(y)], out.stride(),
                      out.row(y));
}

}  // namespace

Image resample_horizontal(const ImageView& image, const FilterTaps& taps) {
  Image out(image.height, taps.outputs());
  const auto across = best_kernels().across(image.width, taps);
  for (int y = 0; y < image.height; ++y) across->run(image.row(y), out.row(y));
  return out;
}

Image resample_vertical(const ImageView& image, const FilterTaps& taps) {
  Image out(taps.outputs(), image.width);
  Rows rows(static_cast<std::size_t>(taps.stride));
  for (int y = 0; y < out.height(); ++y) {
    const auto i = static_cast<std::size_t>(y);
    for (int t = 0; t < taps.count[i]; ++t) rows[static_cast<std::size_t>(t)] = image.row(taps.first[i] + t);
    sum_down(rows, taps, y, out);
  }
  return out;
}

Image resample_across_and_down(const ImageView& image, const FilterTaps& across, const FilterTaps& down) {
  Image out(down.outputs(), across.outputs());
  Image ring(down.stride, across.outputs());  // row n of the first pass is at n modulo its height
  const auto first_pass = best_kernels().across(image.width, across);
  Rows rows(static_cast<std::size_t>(down.stride));
  int next = 0;
  for (int y = 0; y < out.height(); ++y) {
    const auto i = static_cast<std::size_t>(y);
    const int first = down.first[i], end = first + down.count[i];
    for (next = std::max(next, first); next < end; ++next)
      first_pass->run(image.row(next), ring.row(next % down.stride));
    for (int row = first; row < end; ++row)
      rows[static_cast<std::size_t>(row - first)] = ring.row(row % down.stride);
    sum_down(rows, down, y, out);
  }
  return out;
}

}  // namespace graft
