#include "graft/data/load_sample.h"

#include "graft/core/files.h"
#include "graft/core/random.h"
#include "graft/data/random_streams.h"

namespace graft {

std::size_t SampleLoader::image_floats() const {
  return static_cast<std::size_t>(preprocess.crop) * static_cast<std::size_t>(preprocess.crop) *
         Image::channels;
}

void SampleLoader::load(std::uint32_t index, float* out) const {
  const std::string& path = sample(index).path;
  const auto bytes = disk().read(path, most_file_bytes);
  OpenImage picture(bytes, path, decode);
  const CropPlan crop = plan(picture.size(), index);
  const DecodedPart decoded = picture.decode(crop.part, picture.shrink_for(crop.box, crop.resized));
  normalizer->write(run_plan(crop, decoded, preprocess).view(), crop.flip, layout, out);
}

CropPlan SampleLoader::plan(const Size& picture, std::uint32_t index) const {
  return augment ? train_plan(picture, preprocess, Random(seed, epoch, index, random_stream::augment))
                 : val_plan(picture, preprocess);
}

}  // namespace graft
