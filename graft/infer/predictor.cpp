#include "graft/infer/predictor.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/crop_plan.h"
#include "graft/data/transform.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/image/pixels.h"
#include "graft/infer/predict.h"
#include "graft/models/model_file.h"
#include "graft/models/model_metadata.h"

namespace graft {

namespace {

// A Predictor has no options that name the network of plain weights.
Model load_described(const std::filesystem::path& path) {
  try {
    return load_model(path);
  } catch (const PlainWeights& error) {
    const std::string network = error.network().empty() ? "NAME" : error.network();
    throw Error(error.where(), error.problem(),
                "make a model file of them: save_model(FILE, pretrained_model(\"" + network + "\", \"" +
                    error.where() + "\"))");
  }
}

std::vector<ClassScore> classes_of(Prediction prediction) {
  if (prediction.number)
    throw UsageError("the model", "predicts a number and has no classes", "call Predictor::answer()");
  return std::move(prediction.top);
}

}  // namespace

struct Predictor::Parts {
  InferenceModel model;
};

Predictor::Predictor(const std::filesystem::path& model, const std::string& device, int threads) {
  with_engine_errors(model.string(), [&] {
    set_compute_threads(threads);
    const torch::Device chosen = select_device(device);
    parts_.reset(new Parts{InferenceModel::compile(load_described(model), chosen)});
  });
}

Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const std::vector<std::string>& Predictor::classes() const { return parts_->model.classes(); }

std::vector<BadImage> Predictor::predict(const std::vector<std::string>& paths, const PredictOptions& options,
                                         const PredictionCallback& each) const {
  return graft::predict(parts_->model, paths, options, each);
}

Prediction Predictor::answer(const std::filesystem::path& file) const {
  return answer(disk().read(file, max_file_bytes), file.string());
}

Prediction Predictor::answer(std::span<const std::uint8_t> encoded, const std::string& name) const {
  const Preprocess& preprocess = parts_->model.preprocess();
  return with_engine_errors(name, [&] {
    OpenImage picture(encoded, name, decode_options_of(preprocess));
    return predict_picture(parts_->model, read_val(picture, preprocess).view(), name);
  });
}

Prediction Predictor::answer(const ImageView& pixels, PixelOrder order) const {
  const std::string name = "the picture";
  check_pixels(pixels, name);
  return with_engine_errors(name, [&] {
    const Image rgb = order == PixelOrder::bgr ? bgr_to_rgb(pixels) : Image();
    const ImageView view = order == PixelOrder::bgr ? rgb.view() : pixels;
    return predict_picture(parts_->model, transform_val(view, parts_->model.preprocess()).view(), name);
  });
}

std::vector<ClassScore> Predictor::classify(const std::filesystem::path& file) const {
  return classes_of(answer(file));
}

std::vector<ClassScore> Predictor::classify(std::span<const std::uint8_t> encoded,
                                            const std::string& name) const {
  return classes_of(answer(encoded, name));
}

std::vector<ClassScore> Predictor::classify(const ImageView& pixels, PixelOrder order) const {
  return classes_of(answer(pixels, order));
}

}  // namespace graft
