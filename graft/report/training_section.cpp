#include <algorithm>
#include <cmath>

#include "graft/report/axes.h"
#include "graft/report/charts.h"
#include "graft/report/drawing.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

std::string optional_share(const std::optional<double>& value) {
  return value ? value_text(*value, Unit::share) : "";
}

bool has_map(const RunData& run) {
  return std::any_of(run.history.begin(), run.history.end(),
                     [](const EpochRecord& record) { return record.val_map.has_value(); });
}

std::string epochs_table(const RunData& run) {
  HtmlTable table("Every epoch, as in metrics.jsonl",
                  {{"epoch", true},
                   {.name = "learning rate", .number = true, .minor = true},
                   {"training loss", true, training_ink()},
                   {.name = "training accuracy", .number = true, .ink = training_ink(), .minor = true},
                   {"validation loss", true, validation_ink()},
                   {"validation accuracy", true, validation_ink()},
                   {has_map(run) ? "mAP" : "top-5", true, validation_ink(), false, !has_map(run)},
                   {.name = "time", .number = true, .minor = true}});
  const EpochRecord* best = run.history.size() > 1 ? best_epoch(run.history) : nullptr;
  for (const EpochRecord& r : run.history) {
    table.row(&r == best);
    table.html((&r == best ? "<span class=\"best\">best</span> " : "") + epoch_cell(r));
    table.cell(r.probe ? "" : value_text(r.lr, Unit::plain));
    table.cell(fixed_text(r.train_loss, 4));
    table.cell(value_text(r.train_acc, Unit::share));
    table.cell(fixed_text(r.val_loss, 4));
    table.cell(value_text(r.val_acc, Unit::share));
    table.cell(optional_share(r.val_map ? r.val_map : r.val_top5));
    table.cell(duration_text(r.seconds));
  }
  return table.str();
}

// Losses that are not finite: the training diverged.
std::string divergence(const RunData& run) {
  for (const EpochRecord& r : run.history) {
    if (std::isfinite(r.train_loss) && std::isfinite(r.val_loss)) continue;
    return notice(
        "From " + epoch_words(r) +
        " on there are losses that are not finite: the training diverged. A smaller learning rate or a "
        "warm-up may prevent it.");
  }
  return "";
}

}  // namespace

std::string training_section(const RunData& run) {
  if (run.history.empty()) return "";
  const int epochs = count_epochs(run.history);
  const bool probed = find_probe(run.history) != nullptr;
  std::string text = divergence(run);
  // A curve needs two points.
  if (run.history.size() > 1) {
    text += charts(svg(draw_losses(run.history)) + svg(draw_accuracies(run.history)) +
                   (epochs > 1 ? svg(draw_learning_rates(run.history)) : "") + svg(draw_times(run.history)));
  }
  if (epochs > 0) text += fill_block("report.html", "epochs_note");
  if (probed) text += fill_block("report.html", "probe_note");
  const std::string table = epochs_table(run);
  return text + (run.history.size() == 1 ? table : details("Every epoch as a table", table));
}

}  // namespace graft
