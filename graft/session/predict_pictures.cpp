#include "graft/session/predict_pictures.h"
#include "graft/session/listed_pictures.h"
#include "graft/session/open_model.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/dataset.h"
#include "graft/data/folder.h"
#include "graft/data/transform.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/image/codec.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/predict.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"

namespace graft {
namespace {

std::vector<Sample> samples_of(const PredictRequest& request, const std::vector<std::string>& pictures) {
  std::vector<Sample> samples;
  if (!request.own_pictures) {
    for (const std::string& picture : pictures) samples.push_back({picture});
    return samples;
  }
  for (std::size_t i = 0; i < request.own_pictures->size(); ++i)
    samples.push_back(
        {request.own_pictures->name(i), 0, request.own_pictures.get(), static_cast<std::uint32_t>(i)});
  return samples;
}

std::vector<BadImage> answer(const PredictRequest& request,
                             const std::function<void(const OpenedModel&)>& opened,
                             const std::function<void(const PictureAnswer&)>& each,
                             const Observer& observer) {
  if (!each) throw UsageError("`each`", "is empty", "give a function that takes the predictions");
  if (request.own_pictures && !request.pictures.empty())
    throw UsageError("`own_pictures`", "and `pictures` exclude each other", "leave one of them out");
  const std::vector<std::string> pictures = listed_pictures(request.pictures, observer);
  use_threads(request.threads, observer);
  const torch::Device device = select_device(request.device);
  std::vector<Sample> samples = samples_of(request, pictures);
  std::vector<std::string> files = pictures;
  files.insert(files.end(),
               {model_file(request.model.name).string(), request.model.weights.value_or("default")});
  if (observer.reads) observer.reads(files);
  Model model = open_model(request.model, request.preprocess, observer);
  const LabelKind labels = model.task.kind;
  const auto batch = std::min<std::size_t>(samples.size(), request.options.loader.batch_size);
  const InferenceModel ready =
      InferenceModel::compile(std::move(model), device, Precision::fp32, static_cast<int>(batch));
  if (ready.known() != nullptr && request.options.tta != Tta::off)
    observer.warn("with `tta` the predictions do not say whether a picture is like the training pictures");
  if (opened) opened({ready.classes(), labels, ready.task().spread()});
  PredictOptions options = request.options;
  const DecodeOptions decode = decode_options_of(ready.preprocess(), options.max_pixels);
  std::size_t drawn = 0;
  const auto answer_of = [&](const Prediction& prediction, const Sample& sample) {
    PictureAnswer answer{prediction, {}, {}};
    if ((request.draw || request.explain) && drawn++ < request.max_drawn) {
      const Image whole = decode_image(read_picture(sample), sample.path, decode);
      Image seen = transform_val(whole.view(), ready.preprocess());
      if (request.explain) answer.explained = explain_picture(ready, seen.view());
      if (request.draw) answer.seen = std::move(seen);
    }
    each(answer);
  };
  return predict_samples(ready, std::move(samples), options, answer_of);
}

}  // namespace

std::vector<std::string> listed_pictures(const std::vector<std::string>& paths, const Observer& observer) {
  std::vector<std::string> pictures, runs;
  for (const std::string& path : paths) {
    for (std::string& picture : list_pictures(path, &runs)) pictures.push_back(std::move(picture));
  }
  if (!runs.empty())
    observer.warn((runs.size() == 1 ? "a run folder is ignored (" : "run folders are ignored (") +
                  shorten_list(runs) + ")");
  return pictures;
}

std::vector<BadImage> predict_pictures(const PredictRequest& request,
                                       const std::function<void(const OpenedModel&)>& opened,
                                       const std::function<void(const PictureAnswer&)>& each,
                                       const Observer& observer) {
  return with_engine_errors(request.model.name, [&] { return answer(request, opened, each, observer); });
}

}  // namespace graft
