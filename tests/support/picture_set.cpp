#include "tests/support/picture_set.h"

#include <algorithm>

namespace graft::test {
namespace {

char channel_value(bool of_class, int x, int y, int number) {
  const int base = of_class ? 200 : 60;
  const int pattern = (x * (3 + number % 5) + y * (7 + number % 3) + number * 13) % 50;
  return static_cast<char>(static_cast<unsigned char>(std::clamp(base + pattern, 0, 255)));
}

}  // namespace

std::string generated_picture(int label, int number, int height, int width) {
  std::string bytes = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        bytes += channel_value(channel == 2 - label % 3, x, y, number + channel);
      }
    }
  }
  return bytes;
}

void write_pictures(const TemporaryFolder& folder, const std::string& part,
                    const std::vector<std::string>& classes, int count, int first) {
  for (std::size_t label = 0; label < classes.size(); ++label) {
    for (int i = first; i < first + count; ++i) {
      folder.write(std::filesystem::path(part) / classes[label] / (std::to_string(i) + ".ppm"),
                   generated_picture(static_cast<int>(label), i, 40 + i % 7, 50 - i % 11));
    }
  }
}

void write_data_set(const TemporaryFolder& folder, const std::vector<std::string>& classes) {
  write_pictures(folder, "train", classes, 8);
  write_pictures(folder, "val", classes, 4, 100);
}

}  // namespace graft::test
