#include "graft/infer/predictor.h"

#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/predict.h"

namespace graft {

struct Predictor::Parts {
  Model model;
  torch::Device device;
};

Predictor::Predictor(const std::filesystem::path& model, const std::string& device) {
  with_engine_errors(model.string(), [&] {
    set_compute_threads(0);
    parts_.reset(new Parts{load_model(model), select_device(device)});
    begin_compute(parts_->device);
    parts_->model.network->to(parts_->device);
  });
}

Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const std::vector<std::string>& Predictor::classes() const { return parts_->model.classes; }

std::vector<BadImage> Predictor::predict(const std::vector<std::string>& paths, const PredictOptions& options,
                                         const PredictionCallback& each) const {
  return graft::predict(parts_->model, paths, options, parts_->device, each);
}

}  // namespace graft
