#include "graft/session/finish_model.h"

#include <algorithm>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/inference_model.h"
#include "graft/metrics/calibration.h"
#include "graft/metrics/conformal.h"
#include "graft/metrics/known_pictures.h"
#include "graft/session/run_files.h"
#include "graft/task/calibrate.h"
#include "graft/task/task.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

// A temperature from fewer pictures, or fewer wrong predictions, would be chance; without wrong ones it would
// be 0.
constexpr std::size_t least_pictures = 50;
constexpr std::int64_t least_wrong = 5;
// More change the distances little (docs/trust.md) and make the model file larger.
constexpr std::size_t most_references = 1000;

torch::Tensor outputs_of_rows(const Outcomes& outcomes) {
  return torch::tensor(outcomes.outputs)
      .view({static_cast<std::int64_t>(outcomes.outcomes.size()),
             static_cast<std::int64_t>(outcomes.num_outputs())});
}

std::vector<std::int64_t> labels_of_rows(const Outcomes& outcomes) {
  std::vector<std::int64_t> labels;
  for (const Outcome& each : outcomes.outcomes) labels.push_back(each.label);
  return labels;
}

// Of each prediction; with several classes per picture of each class of each picture.
std::vector<Confidence> confidences(const Outcomes& outcomes) {
  std::vector<Confidence> result;
  const LabelTable& table = outcomes.labels;
  for (std::size_t i = 0; i < table.scores.size(); ++i) {
    const bool is_named = table.scores[i] >= 0.5F;
    result.push_back({is_named ? table.scores[i] : 1 - table.scores[i], is_named == (table.truth[i] != 0)});
  }
  if (!result.empty()) return result;
  for (const Outcome& each : outcomes.outcomes)
    result.push_back({each.probability, each.predicted == each.label});
  return result;
}

double calibration_error(const Outcomes& outcomes) {
  return expected_calibration_error(calibration_bins(confidences(outcomes)));
}

// Why the model cannot be calibrated; empty if it can.
std::string reason_against_calibration(const Outcomes& outcomes) {
  const std::vector<Confidence> all = confidences(outcomes);
  const auto wrong =
      std::count_if(all.begin(), all.end(), [](const Confidence& each) { return !each.right; });
  if (outcomes.outcomes.size() < least_pictures)
    return "it needs at least " + std::to_string(least_pictures) + " held-out pictures";
  if (wrong < least_wrong)
    return "it needs at least " + std::to_string(least_wrong) +
           " wrong predictions of held-out pictures, and " +
           (wrong == 1 ? "1 is" : std::to_string(wrong) + " are") + " wrong";
  return "";
}

void scale_head(Network& network, const OutputScale& scale) {
  const torch::NoGradGuard no_gradients;
  torch::Tensor weight = network.head()->weight, bias = network.head()->bias;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(weight.dim()), 1);
  rows[0] = scale.scale.size(0);
  weight.mul_(scale.scale.to(weight.device()).view(rows));
  if (bias.defined()) bias.mul_(scale.scale.to(bias.device())).add_(scale.shift.to(bias.device()));
}

// Outcomes of the same pictures with these outputs.
Outcomes with_outputs(const Task& task, const torch::Tensor& outputs, const Folder& pictures,
                      Outcomes&& old) {
  std::vector<std::uint32_t> indices;
  for (const Outcome& each : old.outcomes) indices.push_back(each.index);
  Outcomes changed;
  task.add_outcomes(outputs, indices, labels_of_rows(old), task.target_table(pictures), changed);
  changed.distances = std::move(old.distances);
  return changed;
}

CalibrationRecord calibrate(const Task& task, const Folder& pictures, CalibrationMethod kind,
                            Network& network, Outcomes& outcomes) {
  CalibrationRecord record;
  record.pictures = static_cast<std::int64_t>(outcomes.outcomes.size());
  record.method = EnumNames<CalibrationMethod>::names[static_cast<std::size_t>(kind)];
  record.reason = reason_against_calibration(outcomes);
  if (!record.reason.empty()) {
    record.method = "off";
    return record;
  }
  record.loss_before = mean_loss(outcomes.outcomes);
  record.error_before = calibration_error(outcomes);
  const torch::Tensor outputs = outputs_of_rows(outcomes);
  const torch::Tensor labels = torch::tensor(labels_of_rows(outcomes), torch::kInt64);
  const bool is_vector = kind == CalibrationMethod::vector;
  const OutputScale scale = fit_scale(task, outputs, task.targets(task.target_table(pictures), labels),
                                      is_vector ? Scaling::vector : Scaling::temperature);
  if (!is_vector) record.temperature = 1 / scale.scale.item<double>();
  scale_head(network, scale);
  outcomes = with_outputs(task, scale(outputs), pictures, std::move(outcomes));
  record.loss_after = mean_loss(outcomes.outcomes);
  record.error_after = calibration_error(outcomes);
  return record;
}

// The features of samples, without augmentation. Those of a backbone that was not trained are in the cache.
FeatureSet features_of_samples(const TrainJob& job, const Model& model, const std::vector<Sample>& samples,
                               const torch::Device& device, const Observer& observer) {
  const Recipe& recipe = job.run.recipe;
  const char* what = "known pictures";
  if (recipe.head_start == HeadStart::probe && recipe.epochs == 0) {
    FeatureCache cache = open_feature_cache(model, recipe);
    return extract_views(model, samples, 0, recipe, device, cache, what, observer.progress).centre;
  }
  const InferenceModel ready =
      InferenceModel::compile(model, device, Precision::fp32, recipe.loader.batch_size);
  const Loader loader(samples, model.preprocess, recipe.loader, val_pass(recipe));
  return extract_features(ready, loader, what, observer.progress);
}

// Features of at most most_references training pictures, from all classes.
KnownPictures references_of(const TrainJob& job, const Task& task, const Model& model,
                            const torch::Device& device, const Observer& observer) {
  const std::vector<Sample>& all = job.data.train.samples;
  std::vector<std::int64_t> labels;
  for (const Sample& each : all) labels.push_back(each.label);
  std::vector<Sample> chosen;
  for (const std::size_t i : spread_over_classes(task.strata(labels), most_references, job.run.recipe.seed))
    chosen.push_back(all[i]);
  const torch::Tensor rows = features_of_samples(job, model, chosen, device, observer).features.contiguous();
  KnownPictures known;
  known.num_features = rows.size(1);
  known.features.assign(rows.const_data_ptr<float>(), rows.const_data_ptr<float>() + rows.numel());
  to_unit_length(known.features, static_cast<std::size_t>(known.num_features));
  return known;
}

// 1 − cosine to the nearest reference, for each outcome.
std::vector<float> distances_to(const KnownPictures& known, const FeatureSet& set, const Outcomes& outcomes) {
  const torch::Tensor rows = nearest_distances(known, set.features);
  std::vector<float> of_sample(set.indices.empty() ? 0 : set.indices.back() + std::size_t{1}, 0);
  for (std::size_t i = 0; i < set.indices.size(); ++i)
    of_sample[set.indices[i]] = rows[static_cast<std::int64_t>(i)].item<float>();
  std::vector<float> distances;
  for (const Outcome& each : outcomes.outcomes) distances.push_back(of_sample.at(each.index));
  return distances;
}

KnownRecord tell_unknown(const TrainJob& job, const Task& task, Model& model, const torch::Device& device,
                         Outcomes& outcomes, const Observer& observer) {
  const double false_alarm = job.run.recipe.trust.false_alarm;
  KnownRecord record;
  record.false_alarm = false_alarm;
  record.held_out = static_cast<std::int64_t>(outcomes.outcomes.size());
  KnownPictures references = references_of(job, task, model, device, observer);
  if (!trains_folds(job.run.recipe))
    outcomes.distances = distances_to(
        references, features_of_samples(job, model, job.data.val.samples, device, observer), outcomes);
  const torch::Tensor energies = task.energies(outputs_of_rows(outcomes)).contiguous();
  auto known = measure_signals(outcomes.distances,
                               {energies.const_data_ptr<float>(), static_cast<std::size_t>(energies.numel())},
                               false_alarm);
  if (!known) {
    record.reason = "it needs at least " + std::to_string(least_scores(1 - false_alarm)) +
                    " held-out pictures that differ";
    return record;
  }
  known->num_features = references.num_features;
  known->features = std::move(references.features);
  record.threshold = known->threshold;
  record.references = static_cast<std::int64_t>(known->rows());
  model.known = std::make_shared<const KnownPictures>(std::move(*known));
  return record;
}

}  // namespace

void check_calibration(const TrustOptions& options, const Network& network) {
  if (options.calibration != CalibrationMethod::vector) return;
  if (!network.has_linear_head() || !network.head()->bias.defined())
    throw UsageError("`calibration`", "vector needs a network whose last layer is linear and has a bias",
                     "use temperature");
}

EvaluationRecord finish_model(const TrainJob& job, Model& model, const torch::Device& device,
                              Outcomes& outcomes, const Observer& observer) {
  EvaluationRecord learned;
  if (outcomes.outcomes.empty()) return learned;
  const auto task = make_task(model.task);
  const TrustOptions& options = job.run.recipe.trust;
  // The outputs of several folds are averaged before they are calibrated.
  const bool is_fold = job.run.recipe.data.fold > 0;
  if (options.calibration != CalibrationMethod::off && model.task.kind != LabelKind::number && !is_fold) {
    CalibrationRecord record =
        calibrate(*task, measured_pictures(job.data), options.calibration, *model.network, outcomes);
    learned.calibration = std::move(record);
  }
  if (model.task.kind == LabelKind::single) model.set_scores = conformal_scores(outcomes.outcomes);
  if (options.false_alarm == 0 || !model.network->has_linear_head()) return learned;
  try {
    with_engine_errors("known pictures",
                       [&] { learned.known = tell_unknown(job, *task, model, device, outcomes, observer); });
  } catch (const EngineError& error) {
    observer.warn(std::string("the model does not tell unknown pictures: ") + error.what());
  }
  return learned;
}

}  // namespace graft
