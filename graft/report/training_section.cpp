#include <algorithm>
#include <cmath>

#include "graft/report/axes.h"
#include "graft/report/curves.h"
#include "graft/report/format.h"
#include "graft/report/html_table.h"
#include "graft/report/sections.h"
#include "graft/report/svg.h"
#include "graft/report/time_chart.h"

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
  HtmlTable table("Every epoch, as in metrics.jsonl", {{"epoch", true},
                                                       {"learning rate", true},
                                                       {"training loss", true},
                                                       {"training accuracy", true},
                                                       {"validation loss", true},
                                                       {"validation accuracy", true},
                                                       {has_map(run) ? "mAP" : "top-5", true},
                                                       {"time", true}});
  for (const EpochRecord& r : run.history) {
    table.row();
    table.cell(std::to_string(r.epoch));
    table.cell(value_text(r.lr, Unit::plain));
    table.cell(fixed_text(r.train_loss, 4));
    table.cell(value_text(r.train_acc, Unit::share));
    table.cell(fixed_text(r.val_loss, 4));
    table.cell(value_text(r.val_acc, Unit::share));
    table.cell(optional_share(r.val_map ? r.val_map : r.val_top5));
    table.cell(duration_text(r.seconds));
  }
  return "<details><summary>Every epoch as a table</summary>\n" + table.str() + "</details>\n";
}

// Losses of which some are no numbers are a training that went astray.
std::string astray(const RunData& run) {
  for (const EpochRecord& r : run.history) {
    if (std::isfinite(r.train_loss) && std::isfinite(r.val_loss)) continue;
    return "<p class=\"notice\">From epoch " + std::to_string(r.epoch) +
           " on there are losses that are no numbers: the training went astray. A smaller --lr, or "
           "--warmup-epochs, may keep it on its way.</p>\n";
  }
  return "";
}

}  // namespace

std::string training_section(const RunData& run) {
  if (run.history.empty()) return "";
  return astray(run) + "<div class=\"charts\">\n" + svg(draw_losses(run.history)) +
         svg(draw_accuracies(run.history)) + svg(draw_learning_rates(run.history)) +
         svg(draw_times(run.history)) +
         "</div>\n<p class=\"muted\">Training figures are means over the epoch, while the weights change and "
         "pictures are augmented; validation figures are those of the weights at its end.</p>\n" +
         epochs_table(run);
}

}  // namespace graft
