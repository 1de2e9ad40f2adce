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

constexpr const char* unnamed_picture = "the picture";

// The network's input for each source of a picture.
Image input_image(std::span<const std::uint8_t> encoded, const std::string& name,
                  const Preprocess& preprocess) {
  return with_engine_errors(name, [&] {
    OpenImage picture(encoded, name, decode_options_of(preprocess));
    return read_val(picture, preprocess);
  });
}

Image input_image(const ImageView& pixels, PixelOrder order, const Preprocess& preprocess) {
  check_pixels(pixels, unnamed_picture);
  return with_engine_errors(unnamed_picture, [&] {
    if (order == PixelOrder::rgb) return transform_val(pixels, preprocess);
    return transform_val(bgr_to_rgb(pixels).view(), preprocess);
  });
}

}  // namespace

struct Predictor::Parts {
  InferenceModel model;
  LabelKind kind;
};

Predictor::Predictor(const std::filesystem::path& model, const std::string& device, int threads) {
  with_engine_errors(model.string(), [&] {
    set_compute_threads(threads);
    const torch::Device chosen = select_device(device);
    Model loaded = load_described(model);
    const LabelKind kind = loaded.task.kind;
    parts_.reset(new Parts{InferenceModel::compile(std::move(loaded), chosen), kind});
  });
}

Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const std::vector<std::string>& Predictor::classes() const { return parts_->model.classes(); }
LabelKind Predictor::kind() const { return parts_->kind; }
int Predictor::input_size() const { return parts_->model.preprocess().crop; }
std::int64_t Predictor::num_features() const { return parts_->model.num_features(); }

std::vector<BadImage> Predictor::predict(const std::vector<std::string>& paths, const PredictOptions& options,
                                         const PredictionCallback& each) const {
  return graft::predict(parts_->model, paths, options, each);
}

Prediction Predictor::answer(const std::filesystem::path& file) const {
  return answer(disk().read(file, max_file_bytes), file.string());
}

Prediction Predictor::answer(std::span<const std::uint8_t> encoded, const std::string& name) const {
  const Image input = input_image(encoded, name, parts_->model.preprocess());
  return predict_picture(parts_->model, input.view(), name);
}

Prediction Predictor::answer(const ImageView& pixels, PixelOrder order) const {
  const Image input = input_image(pixels, order, parts_->model.preprocess());
  return predict_picture(parts_->model, input.view(), unnamed_picture);
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

std::vector<float> Predictor::features(const std::filesystem::path& file) const {
  return features(disk().read(file, max_file_bytes), file.string());
}

std::vector<float> Predictor::features(std::span<const std::uint8_t> encoded, const std::string& name) const {
  const Image input = input_image(encoded, name, parts_->model.preprocess());
  return features_of_picture(parts_->model, input.view(), name);
}

std::vector<float> Predictor::features(const ImageView& pixels, PixelOrder order) const {
  const Image input = input_image(pixels, order, parts_->model.preprocess());
  return features_of_picture(parts_->model, input.view(), unnamed_picture);
}

}  // namespace graft
