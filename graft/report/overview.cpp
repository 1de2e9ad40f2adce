#include "graft/report/axes.h"
#include "graft/report/format.h"
#include "graft/report/html_page.h"
#include "graft/report/html_text.h"
#include "graft/report/sections.h"

namespace graft {
namespace {

std::string best_figures(const RunData& run) {
  const EpochRecord* best = best_epoch(run.history);
  if (best == nullptr) return "";
  std::string text = best->val_map
                         ? headline("Best mean average precision", value_text(*best->val_map, Unit::share),
                                    "validation, epoch " + std::to_string(best->epoch))
                         : "";
  text += headline(best->val_map ? "All classes right" : "Best validation accuracy",
                   value_text(best->val_acc, Unit::share),
                   best->val_map ? "pictures, of that epoch" : "epoch " + std::to_string(best->epoch)) +
          headline("Validation loss", fixed_text(best->val_loss, 4), "of that epoch");
  // Of five classes or fewer the right one is always among five.
  if (best->val_top5 && run.config.classes.size() > 5) {
    text += headline("Top-5 accuracy", value_text(*best->val_top5, Unit::share), "of that epoch");
  }
  return text;
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
  return text.empty() ? "" : "<p class=\"notice\">" + escape_html(text) + "</p>\n";
}

}  // namespace

std::string overview(const RunData& run) {
  const RunConfig& config = run.config;
  const std::string split = config.val_split_off ? "validation split off the training folder" : "";
  std::string sub = run.folder.path().string();
  if (!config.started.empty()) sub += " · started " + config.started;
  return "<div class=\"sub\">" + escape_html(sub) + "</div>\n" + notices(run) + "<dl class=\"tiles\">\n" +
         best_figures(run) + calibration_figure(run) +
         headline("Pictures",
                  std::to_string(config.train_pictures) + " + " + std::to_string(config.val_pictures),
                  split.empty() ? "training + validation" : split) +
         headline("Classes", std::to_string(config.classes.size())) +
         headline("Model", value_of(config.options, "model"), value_of(config.options, "preset")) +
         headline("Time", duration_text(run.seconds()),
                  std::to_string(run.history.size()) + (run.history.size() == 1 ? " epoch" : " epochs")) +
         "</dl>\n";
}

}  // namespace graft
