// A trained model for programs that only predict. This header does not include torch.
//
//   const graft::Predictor predictor("runs/train");
//   predictor.predict({"a.jpg", "b.jpg"}, {.top_k = 3}, [&](const graft::Prediction& p) { ... });
//   const graft::ClassScore best = predictor.classify(pixels, graft::PixelOrder::bgr).front();
//
// The constructor loads and prepares the model once; the methods are const and change nothing: any number of
// threads may call them at once. Then 1 compute thread per call gives the highest throughput.
//
// After fork() a child process may use its parent's Predictor: on the CPU it computes with one thread per
// call, and on an accelerator its methods throw an Error. No thread may use the Predictor during fork().
//
// Methods throw EngineError (core/error.h) if memory or threads run out or libtorch fails.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/loader.h"
#include "graft/image/image.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// Test-time augmentation: the views of a picture; the prediction is the mean of their probabilities or
// numbers. flip: the picture and its mirror image. crops: the centre and the four corners, each with its
// mirror image (torchvision.transforms.TenCrop).
enum class Tta { off, flip, crops };
template <>
struct EnumNames<Tta> {
  static constexpr std::array<const char*, 3> names = {"off", "flip", "crops"};
};

struct TestTimeOptions {
  Tta tta = Tta::off;
};
inline constexpr auto test_time_options = options_of<TestTimeOptions>(
    option<&TestTimeOptions::tta>("test-time augmentation: flip: mirrored too; crops: centre and corners, "
                                  "mirrored too: ten views of each picture"));

struct PredictOptions {
  int top_k = 1;
  Tta tta = Tta::off;
  LoaderOptions loader = {};                              // its batch_size affects only speed
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are rejected
  // For multi-label models: the minimum probability of a named class, 0 to 1. Below 0: 0.5.
  double threshold = -1;
  // For models with one class per picture: the probability, from 0 to 1 (both excluded), with which
  // Prediction::set has the true class (conformal.h). 0: no sets.
  double coverage = 0;
};

// Called for every readable picture, in the given order.
using PredictionCallback = std::function<void(const Prediction&)>;

class Predictor {
 public:
  // `model`: a run folder or a model file. `device`: as for select_device(). `threads`: compute threads per
  // call; 0: the value of OMP_NUM_THREADS, else one for each available processor. The number is global to the
  // process: the last one set applies to all. Throws Error.
  explicit Predictor(const std::filesystem::path& model, const std::string& device = "auto", int threads = 0);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  // Names by ClassScore::index; for a model that predicts a number, the name of the number.
  const std::vector<std::string>& classes() const;
  LabelKind kind() const;  // what it predicts; never automatic
  int input_size() const;  // height and width of the network's input in pixels (Preprocess::crop)
  std::int64_t num_features() const;

  // Predicts many pictures, which separate threads read ahead, as graft::predict() does.
  std::vector<BadImage> predict(const std::vector<std::string>& paths, const PredictOptions& options,
                                const PredictionCallback& each) const;

  // Predicts one picture in the calling thread, with every class in Prediction::top. The same picture has the
  // same prediction in all three forms and in predict(). Throws Error for a damaged or unsupported picture,
  // and if the network gives values that are not finite.
  Prediction answer(const std::filesystem::path& file) const;
  // The bytes of a picture file (JPEG, PNG, …: codec.h). `name` names it in errors.
  Prediction answer(std::span<const std::uint8_t> encoded, const std::string& name = "the picture") const;
  // Pixels, which are read only during the call. They are treated as upright and opaque. Throws Error for a
  // view without pixels, with more than DecodeOptions().max_pixels, or with a stride shorter than a row.
  Prediction answer(const ImageView& pixels, PixelOrder order = PixelOrder::rgb) const;

  // The classes of answer(), most probable first. Throws UsageError for a model that predicts a number.
  std::vector<ClassScore> classify(const std::filesystem::path& file) const;
  std::vector<ClassScore> classify(std::span<const std::uint8_t> encoded,
                                   const std::string& name = "the picture") const;
  std::vector<ClassScore> classify(const ImageView& pixels, PixelOrder order = PixelOrder::rgb) const;

  // The input of the network's last layer for one picture: num_features() finite values. Pictures that look
  // alike to the network have similar features. Sources and errors are those of answer().
  std::vector<float> features(const std::filesystem::path& file) const;
  std::vector<float> features(std::span<const std::uint8_t> encoded,
                              const std::string& name = "the picture") const;
  std::vector<float> features(const ImageView& pixels, PixelOrder order = PixelOrder::rgb) const;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

}  // namespace graft
