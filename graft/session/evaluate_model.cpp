#include "graft/session/evaluate_model.h"

#include <memory>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/readable_classes.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/test_time.h"
#include "graft/models/model_file.h"
#include "graft/report/evaluation_page.h"
#include "graft/run/run_tables.h"
#include "graft/run/run_task.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/open_model.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"
#include "graft/session/prediction_rows.h"

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

// The files that the evaluation reads.
std::vector<std::string> files_of(const EvaluateRequest& request, const EvaluationFolder& folder) {
  std::vector<std::string> files = {model_file(request.model).string()};
  if (!folder.table.empty()) files.push_back(folder.table.string());
  for (const Sample& sample : folder.samples) {
    if (sample.source == nullptr) files.push_back(sample.path);
  }
  return files;
}

// An evaluation with what its page needs.
struct Measured {
  EvaluationReport report;
  std::vector<PredictionRow> rows;
  std::string architecture, data;
  LabelKind labels = LabelKind::single;
  Preprocess preprocess;
  bool own_data = false;
};

Measured measure(const EvaluateRequest& request, const Observer& observer) {
  if (request.model.empty()) throw UsageError("`model`", "is missing", "name a run folder or a model file");
  require_data(request.data);
  use_threads(request.threads, observer);
  const torch::Device device = select_device(request.device);
  Model model = open_model(request.model, request.preprocess);
  EvaluationData data =
      open_evaluation_data(model, {run_of_model(request.model), request.data, request.split});
  EvaluationFolder& folder = data.folder;
  convert_labels(folder, model.task.kind);
  if (observer.reads) observer.reads(files_of(request, folder));
  Measured measured;
  measured.architecture = model.architecture;
  measured.labels = model.task.kind;
  measured.preprocess = model.preprocess;
  measured.data = folder.table.empty() ? folder.root.string() : folder.table.string();
  measured.own_data = !folder.sources.empty();
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
  EvaluationReport& report = measured.report;
  static_cast<Outcomes&>(report) = std::move(static_cast<Outcomes&>(evaluation));
  report.classes = ready.classes();
  report.metrics = ready.task().metrics(report);
  report.intervals =
      metric_intervals(report, [&](const Outcomes& outcomes) { return ready.task().metrics(outcomes); });
  report.per_class = ready.task().class_table(report, ready.classes());
  report.part = folder.part;
  report.words = std::move(data.words);
  report.trained_on = count_trained(data, evaluation.bad);
  report.bad = std::move(evaluation.bad);
  report.seconds = evaluation.seconds;
  measured.rows = prediction_rows(ready.task(), report, folder);
  return measured;
}

std::string page_of(const EvaluateRequest& request, const Measured& measured) {
  const EvaluationReport& report = measured.report;
  RunData run{RunFolder(request.model), {}};
  run.config.classes = report.classes;
  run.config.labels = run.labels = measured.labels;
  run.config.options = {{"model", measured.architecture},
                        {"exif", measured.preprocess.exif ? "true" : "false"},
                        {"alpha", measured.preprocess.alpha}};
  run.val = ValResults{measured.rows, {}, {}, {}};
  run_task(measured.labels).judge(report, report.classes, *run.val);
  run.picture = [own = measured.own_data, decode = run.decode()](const PredictionRow& row) {
    return own ? Thumbnail{"", "it was in the memory of the program"}
               : read_thumbnail(row.path, row_picture_side, decode);
  };
  PartRecord record{static_cast<std::int64_t>(report.outcomes.size()), mean_loss(report.outcomes),
                    report.metrics, report.intervals};
  std::string notice;
  if (report.trained_on > 0)
    notice = "The run was, or may have been, trained on " + counted(report.trained_on, "picture") +
             " of these: the metrics do not apply to others.";
  return evaluation_html(
      {request.model, measured.data, report.words, notice, std::move(record), std::move(run)});
}

}  // namespace

const char* const eval_rows_header = predictions_header;

EvaluationReport evaluate_model(const EvaluateRequest& request, const Observer& observer) {
  return with_engine_errors(request.model, [&] { return measure(request, observer).report; });
}

EvaluationReport evaluate_to_files(const EvaluateRequest& request, OutputFiles& outputs,
                                   const Observer& observer) {
  outputs.keeps_out_of(data_of_run(request.model));
  if (!request.data.own && !request.data.is_missing()) outputs.keeps_out_of(request.data.path);
  Measured measured =
      with_engine_errors(request.model, [&] { return measure(request, outputs.observer(observer)); });
  if (outputs.has("csv")) outputs.write("csv", predictions_text(measured.rows));
  if (outputs.has("report")) outputs.write("report", page_of(request, measured));
  return std::move(measured.report);
}

}  // namespace graft
