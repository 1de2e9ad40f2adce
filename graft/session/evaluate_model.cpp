#include "graft/session/evaluate_model.h"

#include <memory>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/data/readable_classes.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/test_time.h"
#include "graft/models/model_file.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"

namespace graft {
namespace {

// The pictures that were evaluated, and on which the run was trained.
std::size_t count_trained(const EvaluationData& data, const std::vector<BadImage>& bad) {
  std::set<std::string> skipped;
  for (const BadImage& each : bad) skipped.insert(each.path);
  std::size_t count = 0;
  for (std::size_t i = 0; i < data.trained.size(); ++i)
    count += data.trained[i] && !skipped.contains(data.folder.samples[i].path) ? 1 : 0;
  return count;
}

EvaluationReport measure(const EvaluateRequest& request, const Observer& observer) {
  if (request.model.empty()) throw UsageError("`model`", "is missing", "name a run folder or a model file");
  require_data(request.data);
  use_threads(request.threads, observer);
  const torch::Device device = select_device(request.device);
  Model model = open_model(request.model, request.preprocess);
  EvaluationData data =
      open_evaluation_data(model, {run_of_model(request.model), request.data, request.split});
  EvaluationFolder& folder = data.folder;
  convert_labels(folder, model.task.kind);
  const InferenceModel ready =
      InferenceModel::compile(std::move(model), device, Precision::fp32, request.loader.batch_size);
  observer.warn(data.warnings);
  const auto source =
      test_time_source(std::make_shared<const std::vector<Sample>>(folder.samples), ready.preprocess(),
                       request.loader, request.max_pixels, request.tta, device);
  Evaluation evaluation =
      evaluate(ready, *source, {"eval", observer.progress, ready.task().target_table(folder)});
  for (const BadImage& bad : evaluation.bad) observer.warn("skipped " + bad.message);
  require_readable(folder, "", evaluation.outcomes.size(), evaluation.bad);
  EvaluationReport report;
  static_cast<Outcomes&>(report) = std::move(static_cast<Outcomes&>(evaluation));
  report.classes = ready.classes();
  report.metrics = ready.task().metrics(report);
  report.intervals = metric_intervals(
      report, [&](const Outcomes& outcomes) { return ready.task().metrics(outcomes); });
  report.per_class = ready.task().class_table(report, ready.classes());
  report.part = folder.part;
  report.words = std::move(data.words);
  report.trained_on = count_trained(data, evaluation.bad);
  report.bad = std::move(evaluation.bad);
  report.seconds = evaluation.seconds;
  return report;
}

}  // namespace

EvaluationReport evaluate_model(const EvaluateRequest& request, const Observer& observer) {
  return with_engine_errors(request.model, [&] { return measure(request, observer); });
}

}  // namespace graft
