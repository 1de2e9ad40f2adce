// A training run for people, from its start to its result (result_texts.h).
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/metrics/number_text.h"
#include "graft/session/result_texts.h"

namespace graft {
namespace {

// " Acc: 0.9123 mAP: …"
std::string metrics_words(const MetricValues& values) {
  std::string words;
  for (const MetricValue& each : values) {
    const Metric& metric = find_metric(each.key);
    if (metric.headline)
      words += std::string(" ") + metric.short_name + ": " + metric_text(metric, each.value);
  }
  return words;
}

std::string data_line(const RunStart& start) {
  const TrainingData& data = start.data;
  const DataOptions& options = start.recipe.data;
  const std::size_t train = data.train.samples.size(), val = data.val.samples.size();
  std::string text = "data     ";
  if (data.folded && val == 0) {
    text += counted(train, "picture") + " in " + std::to_string(options.folds) + " folds" +
            (options.repeats > 1 ? ", " + std::to_string(options.repeats) + " times" : "");
  } else {
    text += std::to_string(train) + " training and " + counted(val, "validation picture") +
            (data.folded  ? " (fold " + std::to_string(options.fold) + ")"
             : data.split ? " (split off the training pictures)"
                          : "");
  }
  if (const std::size_t test = data.test.samples.size(); test > 0)
    text += ", " + counted(test, "test picture") + (data.test_split ? " (split off)" : "");
  return escaped_line(text + ", " + start.labels);
}

const char* frozen_words(FrozenBn frozen_bn) {
  return frozen_bn == FrozenBn::eval ? "batch norm held (`frozen_bn` eval)"
                                     : "batch norm statistics move, as in the tutorial (`frozen_bn` update)";
}

std::string network_lines(const RunStart& start) {
  const Recipe& recipe = start.recipe;
  const bool is_probed = recipe.head_start == HeadStart::probe;
  std::string text = escaped_line("preset   " + recipe.preset +
                                  (recipe.epochs > 0 ? ", " + counted(recipe.epochs, "epoch") : "")) +
                     escaped_line("model    " + recipe.model + ", weights " + start.weights);
  if (is_probed) {
    text += escaped_line("probe    the head by " + start.probe + " on " + counted(1 + recipe.views, "view") +
                         " of each picture");
  }
  if (!start.head.empty() && (!is_probed || recipe.extend_head))
    text += escaped_line("head     " + start.head);
  if (!recipe.distill.teacher.empty()) text += escaped_line("teacher  " + start.teacher);
  if (recipe.freeze && recipe.epochs > 0)
    text += escaped_line(format_text("frozen   all but the head; %s", frozen_words(recipe.frozen_bn)));
  return text;
}

// "the probe and 2 epochs, and 5 batches of epoch 3"
std::string point_words(const ResumePoint& point) {
  std::string words = point.probe ? "the probe" : "";
  if (point.epochs > 0 || !point.probe)
    words += (point.probe ? " and " : "") + counted(point.epochs, "epoch");
  if (point.step > 0)
    words += ", and " + counted(point.step, "batch") + " of epoch " + std::to_string(point.epochs + 1);
  return words;
}

// With the digits by which the best epochs of two runs are compared.
std::string exact_text(const MetricValue& metric) {
  return find_metric(metric.key).unit == MetricUnit::share ? format_text("%f", metric.value)
                                                           : number_text(metric.value);
}

// " 0.9088 to 0.9776"; empty if there is none.
std::string interval_words(const PartRecord& part) {
  const MetricValue& primary = part.metrics.front();
  const Interval* interval = interval_of(part.intervals, primary.key);
  if (interval == nullptr) return "";
  return interval_text(find_metric(primary.key), *interval);
}

// `clean`: what the pictures are worth if the starting weights did not see them.
std::string part_line(const std::string& name, const PartRecord& part, const std::string& clean) {
  const Metric& metric = find_metric(part.metrics.front().key);
  const std::string interval = interval_words(part);
  return name + " " + metric.short_name + ": " + exact_text(part.metrics.front()) + " (" +
         (interval.empty() ? "" : "95 %: " + interval + "; ") +
         (part.seen_before > 0 ? seen_words(part)
                               : counted(static_cast<std::size_t>(part.pictures), "picture") + clean) +
         ")\n";
}

std::string calibration_line(const CalibrationRecord& record) {
  if (record.method == "off") return "Not calibrated: " + record.reason + "\n";
  const std::string what = record.method == "temperature"
                               ? format_text("temperature %.3g", record.temperature)
                               : "a factor and a shift for each output";
  return "Calibrated: " + what +
         format_text("; loss %.4f to %.4f, calibration error %.4f to %.4f", record.loss_before,
                     record.loss_after, record.error_before, record.error_after) +
         " on " + counted(record.pictures, "held-out picture") + "\n";
}

// What the metrics are worth: intervals, and which pictures they are of.
std::string figures_text(const EvaluationRecord& record) {
  std::string text;
  if (record.val) {
    const std::string interval = interval_words(*record.val);
    if (!interval.empty())
      text += "95 % interval: " + interval + " (" +
              counted(static_cast<std::size_t>(record.val->pictures), "picture") +
              (record.chosen ? ", which also chose the epoch: optimistic" : "") +
              (record.val->seen_before > 0 ? "; " + seen_words(*record.val) : "") + ")\n";
  }
  if (record.out_of_fold) {
    const MetricValue& primary = record.out_of_fold->metrics.front();
    const Metric& metric = find_metric(primary.key);
    const MeanDeviation spread = mean_deviation(record.folds, primary.key);
    text += part_line("Out-of-fold", *record.out_of_fold, ", each by a model that had not seen it");
    text += counted(record.folds.size(), "fold") + ": " + metric_text(metric, spread.mean) + " ± " +
            metric_text(metric, spread.deviation) + "\n";
  }
  if (record.test) text += part_line("Test", *record.test, " that had no part in training");
  if (record.calibration) text += calibration_line(*record.calibration);
  if (record.known && !record.known->reason.empty())
    text += "The model does not tell unknown pictures: " + record.known->reason + "\n";
  return text;
}

}  // namespace

std::string to_text(const RunStart& start, const std::string& resumed) {
  std::string text;
  if (!resumed.empty() && !start.resumed)
    text = escaped_line("resume   " + resumed +
                        (trains_folds(start.recipe) ? "; folds that are complete are kept"
                                                    : ", from the beginning: it has no checkpoint"));
  text += data_line(start);
  text += start.resumed ? escaped_line("resume   " + resumed + ", after " + point_words(*start.resumed))
                        : network_lines(start);
  return text + escaped_line("device   " + start.device) + escaped_line("compute  " + start.precision) +
         escaped_line("memory   about " + start.memory) + "\n";
}

std::string to_text(const FoldEnd& end) {
  return "Fold " + std::to_string(end.fold) + "/" + std::to_string(end.folds) +
         format_text("  val Loss: %.4f", end.val_loss) + metrics_words(end.val) +
         (end.kept ? "  (complete before)" : format_text("  %.0f s", end.seconds)) +
         (end.out_of_time ? "  (time limit)" : "") + "\n";
}

std::string to_text(const TriedCandidate& candidate) {
  const std::string name = candidate.kind + " of " + candidate.model + ", " + settings_words(candidate);
  if (candidate.metrics.empty()) return escaped_line("Tried " + name + ": " + candidate.note);
  std::string text =
      "Tried " + name + ": Loss: " + format_text("%.4f", candidate.loss) + metrics_words(candidate.metrics);
  if (candidate.difference)
    text += format_text(" (loss %+.4f ± %.4f)", *candidate.difference, *candidate.standard_error);
  text += format_text("  %.0f s", candidate.seconds);
  return escaped_line(text + (candidate.note.empty() ? "" : "; " + candidate.note));
}

std::string to_text(const EpochEnd& end) {
  const EpochRecord& record = end.record;
  const std::string heading =
      record.probe ? "Probe" : "Epoch " + std::to_string(record.epoch) + "/" + std::to_string(end.epochs);
  std::string text = heading + "\n----------\n" + format_text("train Loss: %.4f", record.train_loss) +
                     metrics_words(record.train) + "\n";
  if (!record.val.empty())
    text += format_text("val Loss: %.4f", record.val_loss) + metrics_words(record.val) +
            (end.best && !record.replaces && end.epochs > 0 ? "  (best)" : "") + "\n";
  return text + "\n";
}

std::string to_text(const TrainResult& result) {
  const EpochRecord &best = result.best(), &last = result.history.back();
  const bool out_of_time = result.ending == Ending::time_limit;
  std::string text;
  if (result.ending == Ending::patience)
    text = std::string("No better ") + find_metric(best.val.front().key).name +
           " on the validation pictures: ended early\n";
  if (out_of_time) text = "Time limit reached after " + counted(count_epochs(result.history), "epoch") + "\n";
  const auto seconds = static_cast<long>(result.seconds);
  text += std::string(out_of_time ? "Trained for " : "Training complete in ") +
          format_text("%ldm %lds\n", seconds / 60, seconds % 60);
  if (!best.val.empty()) {
    text += std::string(best.replaces ? "Last val " : "Best val ") +
            find_metric(best.val.front().key).short_name + ": " + exact_text(best.val.front());
    if (result.history.size() > 1 && !best.replaces)
      text += " (" + epoch_words(best) + "; last epoch " + exact_text(last.val.front()) + ")";
    text += "\n";
  }
  return text + figures_text(result.evaluation);
}

std::string to_text(const TrainResult& result, const RunFolder& folder) {
  const auto name = [](const std::filesystem::path& file) { return file.filename().string(); };
  std::string files = name(folder.model()) + ", " + name(folder.report());
  if (!result.evaluation.out_of_fold || result.evaluation.test)
    files += ", " + name(folder.predictions_picture());
  return to_text(result) + escaped_line("run      " + folder.path().string() + ": " + files);
}

}  // namespace graft
