#include "graft/session/sheets.h"

#include <algorithm>
#include <array>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/folder.h"
#include "graft/data/readable_classes.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/models/model_file.h"
#include "graft/report/report.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"
#include "graft/train/idle_options.h"

namespace graft {
namespace {

void begin(const DataSource& data, int threads, const Observer& observer) {
  require_data(data);
  use_threads(threads, observer);
}

// For the pictures that were read until the sheet was full.
void tell_unreadable(const Folder& folder, const std::vector<BadImage>& bad, const Observer& observer) {
  if (bad.empty()) return;
  require_readable(folder, "", folder.samples.size() - bad.size(), bad);
  observer.warn(skipped_words(static_cast<std::int64_t>(bad.size())) + " (" + bad.front().message +
                (bad.size() == 1 ? ")" : "; …)"));
}

// A sheet of data without a model uses no device.
void refuse_options_of_a_model(const GivenOptions& given) {
  if (is_given(given, "device")) throw UsageError("`device`", "acts only with `model`", "leave it out");
}

// A model gets whole pictures, and all of those in the part.
void refuse_options_of_training(const GivenOptions& given) {
  constexpr std::array acting = {"labels",     "seed",     "workers", "exif",   "alpha",
                                 "max_pixels", "skip_bad", "device",  "threads"};
  for (const std::string& name : names_of(given)) {
    if (std::find(acting.begin(), acting.end(), name) == acting.end())
      throw UsageError(quoted_option(name), "acts only without `model`, on training pictures",
                       "leave it out");
  }
}

Image data_sheet(const DataSheetRequest& request, const Observer& observer) {
  const Recipe& recipe = request.recipe;
  refuse_options_of_a_model(request.given);
  begin(request.data, recipe.threads, observer);
  const TrainingData data = open_data_set(request.data, recipe.data);
  Recipe of_an_epoch = recipe;  // the sheet shows an epoch even if the preset has none
  of_an_epoch.epochs = 1;
  refuse_idle_options(of_an_epoch, names_of(request.given), &data);
  tell_files(request.data, recipe.data.labels, {}, observer);
  observer.warn(data.warnings);
  observer.warn(font_warnings(data.train.classes));
  std::vector<BadImage> bad;
  Image sheet = draw_batch(data.train.samples, data.train.label_names(), preprocess_of(recipe, Preprocess()),
                           recipe.loader, train_pass(recipe), request.count, &bad);
  tell_unreadable(data.train, bad, observer);
  return sheet;
}

Image prediction_sheet(const PredictionSheetRequest& request, const Observer& observer) {
  refuse_options_of_training(request.given);
  begin(request.data, request.threads, observer);
  const torch::Device device = select_device(request.device);
  std::vector<std::string> warnings;
  const Model model = open_model(request.model, request.preprocess, observer);
  const bool numbers = model.task.kind == LabelKind::number;
  const bool said = request.labels != LabelKind::automatic || model.task.kind == LabelKind::single;
  const LabelKind labels = said && !numbers ? request.labels : model.task.kind;
  tell_files(request.data, labels,
             {model_file(request.model.name).string(), request.model.weights.value_or("default")}, observer);
  // The folder's own classes, because a pretrained network may not have them.
  const Folder folder = open_evaluation_folder(
      request.data, numbers ? model.classes : std::vector<std::string>(), warnings, labels);
  if (!numbers && folder.kind() == LabelKind::number)
    throw UsageError("`labels`", "number, and the model predicts classes", "leave it out");
  observer.warn(warnings);
  observer.warn(font_warnings(model.classes));
  LoaderPass pass;
  pass.seed = request.seed;
  pass.max_pixels = request.max_pixels;
  std::vector<BadImage> bad;
  Image sheet = draw_predictions(model, folder.samples, folder.label_names(), request.loader, pass,
                                 request.count, device, &bad);
  tell_unreadable(folder, bad, observer);
  return sheet;
}

}  // namespace

std::vector<std::string> sheet_options() {
  std::vector<std::string> names = {"preset",       "augment", "labels", "shuffle", "seed",
                                    "val_fraction", "workers", "exif",   "alpha",   "max_pixels",
                                    "skip_bad",     "device",  "threads"};
  AugmentOptions augmentation;
  for (const OptionRef& option : options_in(augmentation, augment_options)) names.push_back(option.name);
  return names;
}

Image draw_data_sheet(const DataSheetRequest& request, const Observer& observer) {
  return with_engine_errors(request.data.path, [&] { return data_sheet(request, observer); });
}

Image draw_prediction_sheet(const PredictionSheetRequest& request, const Observer& observer) {
  return with_engine_errors(request.data.path, [&] { return prediction_sheet(request, observer); });
}

}  // namespace graft
