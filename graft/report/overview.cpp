#include <algorithm>
#include <charconv>
#include <system_error>

#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/page_template.h"

namespace graft {
namespace {

std::string best_figures(const RunData& run) {
  const EpochRecord* best = best_epoch(run.history);
  if (best == nullptr) return "";
  const int epochs = count_epochs(run.history);
  const std::string when =
      epoch_words(*best) + (best->probe || epochs == 1 ? "" : " of " + std::to_string(epochs));
  // Of five classes or fewer the right one is always among five.
  const bool top5 = best->val_top5 && run.config.classes.size() > 5;
  const std::string note = (top5 ? "top-5 " + value_text(*best->val_top5, Unit::share) + ", " : "") + when;
  std::string text = best->val_map
                         ? headline("Best mean average precision", value_text(*best->val_map, Unit::share),
                                    "validation, " + when) +
                               headline("All classes right", value_text(best->val_acc, Unit::share),
                                        "validation pictures, of these weights")
                         : headline("Best validation accuracy", value_text(best->val_acc, Unit::share), note);
  return text + headline("Validation loss", fixed_text(best->val_loss, 4), "of these weights");
}

// "8 of each class", "4 to 12 of each class"
std::string of_each(const std::vector<std::int64_t>& counts) {
  if (counts.empty()) return "";
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  return std::to_string(*least) + (*least == *most ? "" : " to " + std::to_string(*most)) + " of each class";
}

std::string counts(const RunConfig& config) {
  return headline("Training pictures", std::to_string(config.train_pictures), of_each(config.train_counts)) +
         headline(
             "Validation pictures", std::to_string(config.val_pictures),
             of_each(config.val_counts) + (config.val_split_off ? ", split off the training pictures" : "")) +
         headline("Classes", std::to_string(config.classes.size()));
}

// What earlier versions did not record is left out.
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
  return headline("Time", duration_text(run.seconds()), what);
}

std::string calibration_figure(const RunData& run) {
  if (!run.figures) return "";
  return headline("Calibration error", fixed_text(run.figures->calibration_error, 4), "expected, 15 bins");
}

std::string notices(const RunData& run) {
  std::string text;
  if (run.history.empty()) text = "No epoch is done yet. ";
  if (!run.judged()) {
    text +=
        "There is no " + run.folder.predictions_csv().filename().string() +
        " yet: the training is going on, was interrupted, or was made by an earlier version. What is known "
        "of single pictures and classes is left out.";
  }
  return text.empty() ? "" : notice(text);
}

}  // namespace

std::string overview(const RunData& run) {
  std::string folder = run.folder.path().string();
  if (!run.config.started.empty()) folder += " · started " + run.config.started;
  return fill_block("report.html", "overview",
                    {{"folder", folder},
                     {"notices", Markup{notices(run)}},
                     {"figures", Markup{best_figures(run) + calibration_figure(run) + counts(run.config) +
                                        network(run) + time(run)}}});
}

}  // namespace graft
