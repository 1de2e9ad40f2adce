#include <charconv>
#include <system_error>

#include "graft/core/text.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

// Values that earlier versions did not record are omitted.
std::string network(const RunData& run) {
  std::vector<std::string> facts;
  if (const std::string preset = value_of(run.config.options, "preset"); !preset.empty())
    facts.push_back("preset " + preset);
  const std::string input = value_of(run.config.resolved, "input");
  const std::string parameters = value_of(run.config.resolved, "parameters");
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(parameters.data(), parameters.data() + parameters.size(), count);
  if (error == std::errc() && end == parameters.data() + parameters.size())
    facts.push_back(rounded_count_text(count) + " parameters");
  if (run.model_bytes > 0) facts.push_back(size_text(run.model_bytes));
  if (!input.empty()) facts.push_back("input " + input + " × " + input);
  return headline("Model", value_of(run.config.options, "model"), join(facts, " · "));
}

std::string time(const RunData& run) {
  const int epochs = count_epochs(run.history);
  std::string what = find_probe(run.history) == nullptr ? "" : epochs > 0 ? "the probe and " : "the probe";
  if (epochs > 0 || what.empty()) what += counted(epochs, "epoch");
  if (run.evaluation.out_of_fold) what += ", without the folds";
  if (!run.candidates.empty()) what += ", without the search";
  return headline("Time", duration_text(run.seconds()), what);
}

std::string notices(const RunData& run) {
  std::string text;
  if (run.history.empty()) text = "No epoch is complete yet. ";
  if (!run.val) {
    text += "There is no " + run.folder.predictions_csv().filename().string() +
            " yet: training is still in progress, was interrupted, or was done by an earlier version. " +
            task_report(run.labels).not_known_yet;
  }
  return text.empty() ? "" : notice(text);
}

std::string primary_value(const PartRecord& part) {
  return value_text(part.metrics.front().value, unit_of(find_metric(part.metrics.front().key)));
}

std::string primary_interval(const PartRecord& part) {
  return interval_note(part.intervals, part.metrics.front().key);
}

// "5 folds: 0.9420 ± 0.0213"
std::string folds_note(const EvaluationRecord& record) {
  const std::string& key = record.out_of_fold->metrics.front().key;
  const auto unit = unit_of(find_metric(key));
  const MeanDeviation spread = mean_deviation(record.folds, key);
  return counted(record.folds.size(), "fold") + ": " + value_text(spread.mean, unit) + " ± " +
         value_text(spread.deviation, unit);
}

std::string join_notes(std::vector<std::string> notes) {
  std::erase(notes, "");
  return join(notes, " · ");
}

}  // namespace

std::string best_words(const RunData& run, const EpochRecord& best) {
  const int epochs = count_epochs(run.history);
  return epoch_words(best) + (best.probe || epochs == 1 ? "" : " of " + std::to_string(epochs));
}

std::string interval_note(const MetricIntervals& intervals, const std::string& key) {
  const Interval* interval = interval_of(intervals, key);
  if (interval == nullptr) return "";
  const Unit unit = unit_of(find_metric(key));
  return "95 %: " + value_text(interval->low, unit) + " to " + value_text(interval->high, unit);
}

const char* held_out_word(const RunData& run) {
  if (run.evaluation.out_of_fold) return "out of fold";
  return run.history.empty() ? "pictures" : "validation";  // without a run: an evaluation
}

std::string held_out_pictures(const RunData& run) {
  if (run.evaluation.out_of_fold) return "out-of-fold pictures";
  return run.history.empty() ? "evaluated pictures" : "validation pictures";
}

double held_out_loss(const RunData& run, const EpochRecord& best) {
  const EvaluationRecord& record = run.evaluation;
  if (record.out_of_fold) return record.out_of_fold->loss;
  return record.val ? record.val->loss : best.val_loss;
}

std::string loss_tile(const RunData& run, const EpochRecord& best) {
  const std::string loss = fixed_text(held_out_loss(run, best), 4);
  if (run.evaluation.out_of_fold) return headline("Out-of-fold loss", loss);
  const auto& calibration = run.evaluation.calibration;
  const bool is_scaled = run.evaluation.val && calibration && calibration->method != "off";
  return headline("Validation loss", loss,
                  is_scaled ? fixed_text(best.val_loss, 4) + " before calibration" : "of these weights");
}

std::string primary_tiles(const RunData& run, const std::string& name, const std::string& more) {
  const EvaluationRecord& record = run.evaluation;
  std::string tiles;
  if (record.out_of_fold) {
    tiles += headline("Out-of-fold " + name, primary_value(*record.out_of_fold),
                      join_notes({more, primary_interval(*record.out_of_fold), folds_note(record),
                                  seen_words(*record.out_of_fold)}));
  } else if (const EpochRecord* best = best_epoch(run.history); best != nullptr && !best->val.empty()) {
    const MetricValue& value = best->val.front();
    tiles +=
        headline((best->replaces ? "Validation " : "Best validation ") + name,
                 value_text(value.value, unit_of(find_metric(value.key))),
                 join_notes({more, best_words(run, *best), record.val ? primary_interval(*record.val) : "",
                             record.chosen ? "optimistic: these pictures chose the epoch" : "",
                             record.val ? seen_words(*record.val) : ""}));
  }
  if (record.test) {
    const std::string seen = seen_words(*record.test);
    tiles += headline(
        "Test " + name, primary_value(*record.test),
        join_notes({primary_interval(*record.test), seen.empty() ? "pictures not used in training" : seen}));
  }
  return tiles;
}

std::string picture_tiles(const RunConfig& config, const std::string& training_note,
                          const std::string& validation_note) {
  std::string note = validation_note;
  if (config.val_split_off)
    note += std::string(note.empty() ? "" : ", ") + "split from the training pictures";
  std::string tiles = headline("Training pictures", std::to_string(config.train_pictures), training_note);
  if (config.val_pictures > 0)
    tiles += headline("Validation pictures", std::to_string(config.val_pictures), note);
  if (config.test_pictures > 0)
    tiles += headline("Test pictures", std::to_string(config.test_pictures),
                      config.test_split_off ? "split from the training pictures" : "");
  return tiles;
}

std::string overview(const RunData& run) {
  std::string folder = run.folder.path().string();
  if (!run.config.started.empty()) folder += " · started " + run.config.started;
  return fill_block(report_blocks, "overview",
                    {{"folder", folder},
                     {"notices", Markup{notices(run)}},
                     {"metrics", Markup{task_report(run.labels).tiles(run) + network(run) + time(run)}}});
}

}  // namespace graft
