// A trained model that answers, for programs that only predict: this header needs no torch.
//
//   const graft::Predictor predictor("runs/train");
//   predictor.predict({"a.jpg", "b.jpg"}, {.top_k = 3}, [&](const graft::Prediction& p) { ... });
//   const graft::ClassScore best = predictor.classify(pixels, graft::PixelOrder::bgr).front();
//
// The model is loaded and made ready once, by the constructor; the methods are const and change nothing: any
// number of threads may call them at once. Where they do, 1 computing thread a call gives the most pictures a
// second.
//
// After fork() a child process may use its parent's Predictor: on the CPU it computes with one thread a call
// there, and for an accelerator its methods throw an Error. No thread may use the Predictor while the process
// forks.
//
// Where memory or threads run out, or libtorch fails, the exception is an EngineError
// (core/error.h).
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
#include "graft/task/prediction.h"

namespace graft {

// Test-time augmentation: how often a picture is looked at; the answer is the mean of the probabilities, or
// of the numbers. flip: the picture and its mirror image. crops: the centre and the four corners, each with
// its mirror image (torchvision.transforms.TenCrop).
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
                                  "mirrored too: ten looks at each picture"));

struct PredictOptions {
  int top_k = 1;
  Tta tta = Tta::off;
  LoaderOptions loader = {};                              // its batch_size is a matter of speed alone
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are refused
  // Where a picture may show several classes: the probability from which a class is named, 0 to 1. Below 0:
  // one half.
  double threshold = -1;
};

// Called for every picture that could be read, in the order given.
using PredictionCallback = std::function<void(const Prediction&)>;

class Predictor {
 public:
  // `model`: a run folder or a model file. `device`: as select_device() takes it. `threads` compute within
  // one call; 0: as many as OMP_NUM_THREADS says, else one for each available processor. The number is the
  // process's: the last one that is set holds for all. Throws Error.
  explicit Predictor(const std::filesystem::path& model, const std::string& device = "auto", int threads = 0);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  // Names by index of a ClassScore; of a model that predicts a number, what the number is called.
  const std::vector<std::string>& classes() const;

  // Many pictures, read ahead by threads of their own: as graft::predict().
  std::vector<BadImage> predict(const std::vector<std::string>& paths, const PredictOptions& options,
                                const PredictionCallback& each) const;

  // One picture, in the calling thread, with every class in Prediction::top. The same picture has the same
  // answer in all three forms and in predict(). Throws Error for what is no whole picture, and where the
  // network gives values that are not finite.
  Prediction answer(const std::filesystem::path& file) const;
  // The bytes of a picture file (JPEG, PNG, …: decode.h). `name` names it in errors.
  Prediction answer(std::span<const std::uint8_t> encoded, const std::string& name = "the picture") const;
  // Pixels, which are read during the call alone. What a file says of its orientation and transparency does
  // not exist here: the pixels are upright and opaque. Throws Error for a view without pixels, with more than
  // DecodeOptions().max_pixels, or with a stride that is shorter than a row.
  Prediction answer(const ImageView& pixels, PixelOrder order = PixelOrder::rgb) const;

  // The classes of answer(), most probable first. Throws UsageError for a model that predicts a number.
  std::vector<ClassScore> classify(const std::filesystem::path& file) const;
  std::vector<ClassScore> classify(std::span<const std::uint8_t> encoded,
                                   const std::string& name = "the picture") const;
  std::vector<ClassScore> classify(const ImageView& pixels, PixelOrder order = PixelOrder::rgb) const;

 private:
  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

}  // namespace graft
