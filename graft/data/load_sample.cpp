#include "graft/data/load_sample.h"

#include "graft/core/random.h"
#include "graft/data/random_streams.h"
#include "graft/data/transform.h"

namespace graft {

std::size_t SampleLoader::image_floats() const {
  return static_cast<std::size_t>(preprocess.crop) * static_cast<std::size_t>(preprocess.crop) *
         Image::channels;
}

void SampleLoader::load(std::uint32_t index, float* out) const {
  const Image decoded = read_image(sample(index).path, decode);
  const Image transformed = augment ? transform_train(decoded.view(), preprocess,
                                                      Random(seed, epoch, index, random_stream::augment))
                                    : transform_val(decoded.view(), preprocess);
  normalize_to(transformed.view(), preprocess, out);
}

}  // namespace graft
