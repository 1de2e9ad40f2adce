#include "graft/data/load_sample.h"

#include <utility>

#include "graft/core/random.h"
#include "graft/data/dataset.h"
#include "graft/data/random_streams.h"
#include "graft/image/resize.h"

namespace graft {

std::size_t SampleLoader::image_floats() const {
  return static_cast<std::size_t>(preprocess.crop) * static_cast<std::size_t>(preprocess.crop) *
         Image::channels;
}

namespace {

class SampleFile {
 public:
  SampleFile(const Sample& sample, const DecodeOptions& options)
      : bytes_(read_picture(sample)), picture_(bytes_, sample.path, options) {}
  OpenImage& picture() { return picture_; }

 private:
  std::vector<std::uint8_t> bytes_;
  OpenImage picture_;
};

std::uint64_t bytes_of(const Size& size, int shrink) {
  const auto shrunk = [&](int side) { return static_cast<std::uint64_t>((side + shrink - 1) / shrink); };
  return shrunk(size.height) * shrunk(size.width) * Image::channels;
}

}  // namespace

void SampleLoader::load(std::uint32_t index, float* out) const {
  return pass.augment ? load_train(index, out) : load_val(index, out);
}

void SampleLoader::load_val(std::uint32_t index, float* out) const {
  const DecodedCache::Entry kept = cache ? cache->find(cache_owner, index, 1) : nullptr;
  if (kept) return normalizer->write(kept->pixels.view(), false, pass.layout, out);
  SampleFile file(sample(index), decode());
  DecodedPart finished{read_val(file.picture(), preprocess, pass.place)};
  normalizer->write(finished.pixels.view(), false, pass.layout, out);
  if (cache) cache->put(cache_owner, index, std::move(finished));
}

void SampleLoader::load_train(std::uint32_t index, float* out) const {
  DecodedCache::Entry decoded = find_for_training(index);
  if (!decoded) {
    SampleFile file(sample(index), decode());
    OpenImage& picture = file.picture();
    const CropPlan plan = plan_train(picture.size(), index);
    const int shrink = picture.shrink_for(plan.box, plan.resized);
    decoded = cache && cache->has_room(bytes_of(picture.size(), shrink))
                  ? cache->put(cache_owner, index, picture.decode_whole(shrink))
                  : std::make_shared<const DecodedPart>(picture.decode(plan.part, shrink));
  }
  const CropPlan plan = plan_train(decoded->whole, index);
  finish_train(run_plan(plan, *decoded, preprocess), plan.flip, index, out);
}

// Normalisation mirrors at no cost, but shears, translations and rotations need the mirrored image.
void SampleLoader::finish_train(Image image, bool flip, std::uint32_t index, float* out) const {
  const DrawKey key{pass.seed, epoch, identity(index)};
  if (pass.augment->changes_pixels()) {
    if (std::exchange(flip, false)) image = flip_horizontal(image.view());
    image = augment_pixels(std::move(image), *pass.augment, key);
  }
  normalizer->write(image.view(), flip, pass.layout, out);
  augment_normalized(out, {image.height(), image.width()}, pass.layout, *pass.augment, key);
}

CropPlan SampleLoader::plan_train(const Size& picture, std::uint32_t index) const {
  return train_plan(picture, preprocess, pass.augment->min_scale,
                    Random(pass.seed, epoch, identity(index), random_stream::augment));
}

// The entry at exactly the scale at which the file would be decoded. Any entry of the image determines that
// scale.
DecodedCache::Entry SampleLoader::find_for_training(std::uint32_t index) const {
  if (!cache) return nullptr;
  for (const int shrink : {1, 2, 4, 8}) {
    const DecodedCache::Entry entry = cache->find(cache_owner, index, shrink);
    if (!entry) continue;
    const CropPlan plan = plan_train(entry->whole, index);
    const int wanted = entry->shrink_for(plan.box, plan.resized);
    return wanted == shrink ? entry : cache->find(cache_owner, index, wanted);
  }
  return nullptr;
}

}  // namespace graft
