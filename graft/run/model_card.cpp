#include "graft/run/model_card.h"

#include "graft/core/files.h"
#include "graft/metrics/number_text.h"
#include "graft/run/card_text.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

std::string about(const ModelCard& card) {
  const RunConfig& config = card.config;
  return "| | |\n|---|---|\n" + card_row("architecture", value_of(config.options, "model")) +
         card_row("started from", value_of(config.resolved, "weights")) +
         card_row("preset", value_of(config.options, "preset")) + card_row("input", card.preprocess) +
         card_row("training data", config.data) +
         card_row("training pictures", std::to_string(config.train_pictures)) +
         card_row("validation pictures",
                  config.val_pictures == 0
                      ? ""
                      : std::to_string(config.val_pictures) +
                            (config.val_split_off ? ", split off the training pictures" : "")) +
         card_row("test pictures",
                  config.test_pictures == 0
                      ? ""
                      : std::to_string(config.test_pictures) + (config.test_split_off ? ", split off" : "")) +
         card_row("of these unreadable and skipped", card.skipped > 0 ? std::to_string(card.skipped) : "") +
         card_row("trained", config.started) + card_row("device", value_of(config.resolved, "device")) +
         card_row("graft", value_of(config.versions, "graft")) +
         card_row("libtorch", value_of(config.versions, "libtorch"));
}

// Top-5 accuracy of five classes or fewer is always 1.
bool says_something(const ModelCard& card, const std::string& key) {
  return key != "top5" || card.config.classes.size() > 5;
}

// Of the stored weights, after a calibration.
std::string val_loss_text(const ModelCard& card) {
  const auto& val = card.evaluation.val;
  if (!val) return card_number(card.best->val_loss);
  const auto& calibration = card.evaluation.calibration;
  return card_number(val->loss) + (calibration && calibration->method != "off"
                                       ? " (" + card_number(card.best->val_loss) + " before calibration)"
                                       : "");
}

// A table of the metrics with their intervals.
std::string part_table(const ModelCard& card, const PartRecord& part, const RunTask& task) {
  std::string text = "| | | 95 % interval |\n|---|---|---|\n";
  for (const auto& [key, value] : part.metrics) {
    if (!says_something(card, key)) continue;
    const Metric& metric = find_metric(key);
    const Interval* interval = interval_of(part.intervals, key);
    text += "| " + std::string(task.metric_name(metric)) + " | " + metric_text(metric, value) + " | " +
            (interval == nullptr ? "" : interval_text(metric, *interval)) + " |\n";
  }
  return text;
}

std::string test_metrics(const ModelCard& card, const RunTask& task) {
  const auto& test = card.evaluation.test;
  if (!test) return "";
  const std::string seen = seen_words(*test);
  return "\nOn the test pictures" + (seen.empty() ? ", which had no part in training" : " (" + seen + ")") +
         ":\n\n" + part_table(card, *test, task);
}

std::string folds_metrics(const ModelCard& card, const RunTask& task) {
  const EvaluationRecord& record = card.evaluation;
  const std::string& key = record.out_of_fold->metrics.front().key;
  const MeanDeviation spread = mean_deviation(record.folds, key);
  const Metric& metric = find_metric(key);
  const std::string seen = seen_words(*record.out_of_fold);
  return "Out of fold: of every picture by one of " + std::to_string(record.folds.size()) + " models that " +
         (seen.empty() ? "had not seen it" : "held it out") + " (" + task.metric_name(metric) +
         " of the models: " + metric_text(metric, spread.mean) + " ± " +
         metric_text(metric, spread.deviation) + ")" + (seen.empty() ? "" : "; " + seen) +
         ". The model itself was trained on all pictures:\n\n" + part_table(card, *record.out_of_fold, task);
}

std::string metrics_table(const ModelCard& card, const RunTask& task) {
  if (card.evaluation.out_of_fold) return folds_metrics(card, task) + test_metrics(card, task);
  std::string text;
  if (card.best) {
    for (const auto& [key, value] : card.best->val) {
      if (!says_something(card, key)) continue;
      const Metric& metric = find_metric(key);
      const auto& val = card.evaluation.val;
      const Interval* interval = val ? interval_of(val->intervals, key) : nullptr;
      text += card_row(task.metric_name(metric),
                       metric_text(metric, value) +
                           (interval == nullptr ? "" : " (95 %: " + interval_text(metric, *interval) + ")"));
    }
    text +=
        card_row(task.loss, val_loss_text(card)) + card_row("epoch of these weights", epoch_cell(*card.best));
  }
  if (card.val) text += task.more_metrics(*card.val);
  if (text.empty()) return "None yet.\n";
  // Without a record, as of earlier versions, by the history.
  const bool is_chosen = card.evaluation.val ? card.evaluation.chosen : card.best && !card.best->replaces;
  const std::string chosen =
      is_chosen ? std::string(", whose ") + task.chosen_by +
                      " also selected the epoch; the values are therefore slightly optimistic"
                : "";
  const std::string seen = card.evaluation.val ? seen_words(*card.evaluation.val) : "";
  return "On the validation pictures" + chosen + (seen.empty() ? "" : " (" + seen + ")") +
         ":\n\n| | |\n|---|---|\n" + text + test_metrics(card, task);
}

std::string trust_words(const EvaluationRecord& record) {
  std::string text;
  if (const auto& calibration = record.calibration)
    text +=
        calibration->method == "off"
            ? "\nThe probabilities are not calibrated: " + calibration->reason + ".\n"
            : "\nThe probabilities are calibrated (" + calibration->method +
                  format_text(
                      "): their expected calibration error on %d held-out pictures is %.4f; before, it was "
                      "%.4f.\n",
                      static_cast<int>(calibration->pictures), calibration->error_after,
                      calibration->error_before);
  if (record.known && record.known->reason.empty())
    text += format_text(
        "\nThe model tells pictures that are unlike the training pictures; of pictures like them it "
        "takes at most %.3g %% for unknown.\n",
        record.known->false_alarm * 100);
  return text;
}

std::string how_to_load_in_python(const ModelCard& card) {
  const std::string network =
      card.python_network.empty() ? "...  # the network of that name" : card.python_network;
  return "\nIn Python, after `graft export model.safetensors --format pth --out model.pth`:\n\n"
         "```python\n"
         "import torch" +
         // "torchvision.models.resnet18(…)"; other packages' classes are imported as they document.
         (network.front() >= 'a' && network.front() <= 'z' ? ", " + network.substr(0, network.find('.'))
                                                           : "") +
         "\n"
         "model = " +
         network +
         "\n"
         "model.load_state_dict(torch.load(\"model.pth\", weights_only=True))\n"
         "model.eval()\n"
         "```\n";
}

std::string how_to_load(const ModelCard& card, const RunTask& task) {
  return std::string("With graft, which reads ") + task.kept_in_file +
         " from the file:\n\n"
         "    graft predict model.safetensors picture.jpg\n"
         "    graft eval model.safetensors " +
         task.evaluated +
         "\n\n"
         "```cpp\n"
         "#include "  // in two parts: the test of the layers reads sources by line
         "<graft/infer/predictor.h>\n\n"
         "const graft::Predictor predictor(\"model.safetensors\");\n"
         "```\n" +
         (card.has_pth ? how_to_load_in_python(card) : "");
}

}  // namespace

ModelCard read_model_card(const RunFolder& run) {
  ModelCard card;
  card.config = read_config(run.config());
  if (disk().info(run.classes_file()))
    card.config.classes = read_classes(run.classes_file(), card.config.classes);
  std::vector<EpochRecord> history;
  if (disk().info(run.history())) history = read_history(run.history());
  if (const EpochRecord* best = best_epoch(history)) card.best = *best;
  const RunTask& task = run_task(card.config, history);
  card.labels = task.labels;
  card.val = read_val_results(run, card.config, task);
  if (disk().info(run.evaluation())) card.evaluation = read_evaluation(run.evaluation());
  return card;
}

std::string model_card_text(const ModelCard& card) {
  const RunTask& task = run_task(card.labels);
  const std::string section = task.section(card);
  return "# " + card_cell(value_of(card.config.options, "model")) + " for " + task.subject(card.config) +
         "\n\n" + task.purpose + "\n\n" + about(card) + "\n## Metrics\n\n" + metrics_table(card, task) +
         trust_words(card.evaluation) + (section.empty() ? "" : "\n" + section) + "\n## Loading\n\n" +
         how_to_load(card, task) + "\n## Limits\n\n- " + task.limit +
         "\n"
         "- These metrics hold for pictures like " +
         (card.evaluation.out_of_fold ? "the training pictures" : "those of the validation set") +
         ". Evaluate the model on your own pictures before you rely on it.\n"
         "- The model reflects gaps and errors in its training pictures, and possibly those of its initial "
         "weights.\n"
         "- The licences of the training pictures and of those weights may restrict the use of the model.\n";
}

}  // namespace graft
