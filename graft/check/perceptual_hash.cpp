#include "graft/check/perceptual_hash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "graft/image/resize.h"

namespace graft {
namespace {

constexpr int side = 32;                 // of the small image
constexpr int kept = 8;                  // lowest frequencies on either axis
constexpr double least_deviation = 2.0;  // in steps of grey
constexpr int max_equal = 40;            // frequencies that are the median: a single axis makes 32
constexpr double rounding = 1e-6;        // values nearer to the median are equal to it

using SmallPicture = std::array<double, side * side>;
using Frequencies = std::array<double, kept * kept>;

// ITU-R 601-2 luma as Pillow's convert("L"), in all three channels.
Image grey_of(const ImageView& image) {
  Image grey(image.height, image.width);
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* from = image.row(y);
    std::uint8_t* to = grey.row(y);
    for (int x = 0; x < image.width; ++x, from += 3, to += 3) {
      const unsigned luma = from[0] * 19595U + from[1] * 38470U + from[2] * 7471U + 0x8000U;
      to[0] = to[1] = to[2] = static_cast<std::uint8_t>(luma >> 16);
    }
  }
  return grey;
}

SmallPicture small_picture(const ImageView& image) {
  const Image resized = resize(grey_of(image).view(), side, side, Interpolation::lanczos);
  SmallPicture small;
  for (std::size_t i = 0; i < small.size(); ++i) small[i] = resized.data()[i * 3];
  return small;
}

bool is_flat(const SmallPicture& small) {
  double sum = 0, squares = 0;
  for (const double value : small) {
    sum += value;
    squares += value * value;
  }
  const double mean = sum / small.size();
  return squares / small.size() - mean * mean < least_deviation * least_deviation;
}

// The means of blocks of 4 × 4.
std::array<std::uint8_t, 64> thumbnail_of(const SmallPicture& small) {
  constexpr int thumb = 8, block = side / thumb;
  std::array<double, thumb * thumb> sums{};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) sums[y / block * thumb + x / block] += small[y * side + x];
  }
  std::array<std::uint8_t, thumb * thumb> means{};
  for (std::size_t i = 0; i < means.size(); ++i) {
    means[i] = static_cast<std::uint8_t>(std::lround(sums[i] / (block * block)));
  }
  return means;
}

// cosine[k][n] of the DCT-II.
using Cosines = std::array<std::array<double, side>, kept>;

Cosines cosines() {
  Cosines cosine;
  for (int k = 0; k < kept; ++k) {
    for (int n = 0; n < side; ++n)
      cosine[k][n] = 2 * std::cos(std::numbers::pi * k * (2 * n + 1) / (2 * side));
  }
  return cosine;
}

// scipy.fftpack.dct over the columns, then over the rows; only the low frequencies.
Frequencies low_frequencies(const SmallPicture& small) {
  static const Cosines cosine = cosines();
  std::array<double, kept * side> columns{};
  for (int k = 0; k < kept; ++k) {
    for (int n = 0; n < side; ++n) {
      for (int x = 0; x < side; ++x) columns[k * side + x] += cosine[k][n] * small[n * side + x];
    }
  }
  Frequencies low{};
  for (int k = 0; k < kept; ++k) {
    for (int l = 0; l < kept; ++l) {
      for (int x = 0; x < side; ++x) low[k * kept + l] += cosine[l][x] * columns[k * side + x];
    }
  }
  return low;
}

double median_of(Frequencies values) {
  std::sort(values.begin(), values.end());
  return (values[values.size() / 2 - 1] + values[values.size() / 2]) / 2;
}

}  // namespace

PerceptualHash perceptual_hash(const ImageView& image) {
  const SmallPicture small = small_picture(image);
  const Frequencies low = low_frequencies(small);
  const double median = median_of(low);
  PerceptualHash hash;
  int equal = 0;
  for (const double value : low) {
    hash.bits = hash.bits << 1 | (value > median + rounding ? 1U : 0U);
    equal += std::abs(value - median) <= rounding ? 1 : 0;
  }
  hash.thumbnail = thumbnail_of(small);
  hash.vague = is_flat(small) || equal > max_equal;
  return hash;
}

int bit_distance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

double likeness(const PerceptualHash& a, const PerceptualHash& b) {
  const auto mean = [](const auto& thumbnail) {
    return std::accumulate(thumbnail.begin(), thumbnail.end(), 0.0) / static_cast<double>(thumbnail.size());
  };
  const double mean_a = mean(a.thumbnail), mean_b = mean(b.thumbnail);
  double both = 0, only_a = 0, only_b = 0;
  for (std::size_t i = 0; i < a.thumbnail.size(); ++i) {
    const double x = a.thumbnail[i] - mean_a, y = b.thumbnail[i] - mean_b;
    both += x * y;
    only_a += x * x;
    only_b += y * y;
  }
  return only_a > 0 && only_b > 0 ? both / std::sqrt(only_a * only_b) : 0;
}

}  // namespace graft
