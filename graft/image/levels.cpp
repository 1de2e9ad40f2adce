#include "graft/image/pixel_ops.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "graft/core/error.h"
#include "graft/image/byte_tables.h"

namespace graft {
namespace {

using Histogram = std::array<std::int64_t, 256>;
using Histograms = std::array<Histogram, Image::channels>;

Histograms histograms_of(const Image& image) {
  Histograms counts{};
  const std::uint8_t* const end = image.data() + image.size_bytes();
  for (const std::uint8_t* pixel = image.data(); pixel != end; pixel += Image::channels) {
    for (std::size_t c = 0; c < counts.size(); ++c) ++counts[c][pixel[c]];
  }
  return counts;
}

ByteTable unchanged() {
  return byte_table([](int value) { return static_cast<std::uint8_t>(value); });
}

// The least and the greatest value that occur; (255, 0) if there are none.
std::pair<int, int> range_of(const Histogram& counts) {
  int low = 0, high = 255;
  while (low < 255 && counts[static_cast<std::size_t>(low)] == 0) ++low;
  while (high > 0 && counts[static_cast<std::size_t>(high)] == 0) --high;
  return {low, high};
}

ByteTable stretching(const Histogram& counts) {
  const auto [low, high] = range_of(counts);
  if (high <= low) return unchanged();
  const double scale = 255.0 / (high - low), offset = -low * scale;
  return byte_table([&](int value) {
    return static_cast<std::uint8_t>(std::clamp(static_cast<int>(value * scale + offset), 0, 255));
  });
}

ByteTable equalizing(const Histogram& counts) {
  const auto [low, high] = range_of(counts);
  if (high <= low) return unchanged();
  const std::int64_t all = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  const std::int64_t step = (all - counts[static_cast<std::size_t>(high)]) / 255;
  if (step == 0) return unchanged();
  std::int64_t below = step / 2;
  return byte_table([&](int value) {
    const std::int64_t level = below / step;
    below += counts[static_cast<std::size_t>(value)];
    return static_cast<std::uint8_t>(std::min<std::int64_t>(level, 255));
  });
}

template <class TableOf>
void map_by_histogram(Image& image, const TableOf& table_of) {
  const Histograms counts = histograms_of(image);
  map_bytes(image, ByteTables{table_of(counts[0]), table_of(counts[1]), table_of(counts[2])});
}

}  // namespace

void posterize(Image& image, int bits) {
  if (bits < 1 || bits > 8)
    throw UsageError("posterize", std::to_string(bits) + " bits cannot be kept", "give a number from 1 to 8");
  map_bytes(image, byte_table([&](int value) {
              return static_cast<std::uint8_t>(value & ~((1 << (8 - bits)) - 1));
            }));
}

void solarize(Image& image, double threshold) {
  map_bytes(image, byte_table([&](int value) {
              return static_cast<std::uint8_t>(value < threshold ? value : 255 - value);
            }));
}

void autocontrast(Image& image) { map_by_histogram(image, stretching); }

void equalize(Image& image) { map_by_histogram(image, equalizing); }

}  // namespace graft
