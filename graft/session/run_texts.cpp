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
  return escaped_line("data     " + std::to_string(data.train.samples.size()) + " training and " +
                      counted(data.val.samples.size(), "validation picture") +
                      (data.split ? " (split off the training pictures)" : "") + ", " + start.labels);
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
  } else if (!start.head.empty()) {
    text += escaped_line("head     " + start.head);
  }
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

}  // namespace

std::string to_text(const RunStart& start, const std::string& resumed) {
  std::string text;
  if (!resumed.empty() && !start.resumed)
    text = escaped_line("resume   " + resumed + ", from the beginning: it has no checkpoint");
  text += data_line(start);
  text += start.resumed ? escaped_line("resume   " + resumed + ", after " + point_words(*start.resumed))
                        : network_lines(start);
  return text + escaped_line("device   " + start.device) + escaped_line("compute  " + start.precision) +
         escaped_line("memory   about " + start.memory) + "\n";
}

std::string to_text(const EpochEnd& end) {
  const EpochRecord& record = end.record;
  const std::string heading =
      record.probe ? "Probe" : "Epoch " + std::to_string(record.epoch) + "/" + std::to_string(end.epochs);
  return heading + "\n----------\n" + format_text("train Loss: %.4f", record.train_loss) +
         metrics_words(record.train) + format_text("\nval Loss: %.4f", record.val_loss) +
         metrics_words(record.val) + (end.best && end.epochs > 0 ? "  (best)" : "") + "\n\n";
}

std::string to_text(const TrainResult& result) {
  const EpochRecord &best = result.best(), &last = result.history.back();
  const Metric& primary = find_metric(best.val.front().key);
  const bool out_of_time = result.ending == Ending::time_limit;
  std::string text;
  if (result.ending == Ending::patience)
    text = std::string("No better ") + primary.name + " on the validation pictures: ended early\n";
  if (out_of_time) text = "Time limit reached after " + counted(count_epochs(result.history), "epoch") + "\n";
  const auto seconds = static_cast<long>(result.seconds);
  text += std::string(out_of_time ? "Trained for " : "Training complete in ") +
          format_text("%ldm %lds\n", seconds / 60, seconds % 60);
  text += std::string("Best val ") + primary.short_name + ": " + exact_text(best.val.front());
  if (result.history.size() > 1)
    text += " (" + epoch_words(best) + "; last epoch " + exact_text(last.val.front()) + ")";
  return text + "\n";
}

std::string to_text(const TrainResult& result, const RunFolder& folder) {
  const auto name = [](const std::filesystem::path& file) { return file.filename().string(); };
  return to_text(result) +
         escaped_line("run      " + folder.path().string() + ": " + name(folder.model()) + ", " +
                      name(folder.report()) + ", " + name(folder.predictions_picture()));
}

}  // namespace graft
