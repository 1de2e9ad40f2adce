#include "graft/train/resident_store.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "graft/data/decoded_cache.h"

namespace graft {
namespace {

// Images decoded at a time: enough for every thread, and little memory.
constexpr std::size_t block_pictures = 256;

std::int64_t pixels_of(const Image& image) {
  return static_cast<std::int64_t>(image.height()) * image.width();
}

class Filling {
 public:
  explicit Filling(const torch::Device& device) : device_(device) {}

  void add(const PictureBlock& block) {
    std::int64_t count = 0;
    for (const KeptPicture& picture : block.pictures) count += pixels_of(picture.pixels);
    torch::Tensor part = torch::empty({count, 3}, torch::kUInt8);
    auto* place = part.mutable_data_ptr<std::uint8_t>();
    for (const KeptPicture& picture : block.pictures) {
      const Image& image = picture.pixels;
      store_.pictures.push_back({pixels_, {image.height(), image.width()}, picture.whole});
      if (image.empty()) continue;
      std::memcpy(place, image.data(), image.size_bytes());
      place += image.size_bytes();
      pixels_ += pixels_of(image);
    }
    store_.bad.insert(store_.bad.end(), block.bad.begin(), block.bad.end());
    parts_.push_back(part.to(device_));
  }

  std::uint64_t bytes() const { return static_cast<std::uint64_t>(pixels_) * Image::channels; }

  ResidentStore finish() {
    store_.pixels = parts_.size() == 1 ? parts_.front() : torch::cat(parts_);
    return std::move(store_);
  }

 private:
  torch::Device device_;
  std::vector<torch::Tensor> parts_;
  std::int64_t pixels_ = 0;
  ResidentStore store_;
};

}  // namespace

std::optional<ResidentStore> fill_store(const std::vector<Sample>& samples, const DecodeOptions& decode,
                                        const LoaderOptions& options, const PictureMaker& make,
                                        const torch::Device& device, std::uint64_t budget,
                                        const ProgressCallback& progress) {
  if (samples.empty()) return std::nullopt;
  try {
    Filling filling(device);
    for (std::size_t done = 0; done < samples.size();) {
      const auto block = std::span(samples).subspan(done, std::min(block_pictures, samples.size() - done));
      filling.add(read_block(block, decode, options.workers, options.skip_bad, make));
      if (filling.bytes() > budget) return std::nullopt;
      done += block.size();
      if (progress) progress({"decode", done, samples.size(), "images"});
    }
    return filling.finish();
  } catch (const c10::OutOfMemoryError&) {
    return std::nullopt;
  }
}

std::uint64_t resident_budget(const std::string& cache, std::uint64_t free_bytes) {
  if (cache == "auto") return free_bytes / 4;
  return std::min(cache_budget(cache), free_bytes / 3);
}

}  // namespace graft
