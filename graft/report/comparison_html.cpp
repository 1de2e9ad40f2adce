#include "graft/report/axes.h"
#include "graft/report/comparison.h"
#include "graft/report/drawing.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/html_text.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

// The run's name with the colour of its curves.
std::string named_color(std::size_t i, const std::string& name) {
  return fill(
      R"(<span class="named"><span class="key" style="background:{{color}}"></span><span>{{name}}</span></span>)",
      {{"color", css_color(InkChoice::series(i))}, {"name", Markup{wrapped_html(name)}}});
}

// Names what the score is where the runs are compared by different things.
void add_score(HtmlTable& table, const EpochRecord& record, const RunData& run, bool named) {
  table.cell(fixed_text(record.score(), 4) + (named ? " " + metric_of(run) : ""), record.score());
}

void add_run(HtmlTable& table, const RunData& run, bool named) {
  const EpochRecord* best = best_epoch(run.history);
  if (best == nullptr) {
    for (int i = 0; i < 4; ++i) table.cell("");
  } else {
    add_score(table, *best, run, named);
    table.cell(epoch_cell(*best));
    table.cell(fixed_text(best->val_loss, 4), best->val_loss);
    add_score(table, run.history.back(), run, named);
  }
  table.cell(run.figures ? fixed_text(run.figures->calibration_error, 4) : "");
  table.cell(std::to_string(count_epochs(run.history)));
  table.cell(duration_text(run.seconds()), run.seconds());
  table.cell(value_of(run.config.options, "model"));
  table.cell(run.model_bytes > 0 ? size_text(run.model_bytes) : "", static_cast<double>(run.model_bytes));
  table.cell(run.folder.path().string());
}

std::string figures(const std::vector<RunData>& runs) {
  const std::vector<std::string> metrics = compared_metrics(runs);
  const bool several = metrics.size() > 1;
  const std::string metric = several ? "score" : metrics.front();
  HtmlTable table("Figures on each run's validation pictures, the best run first",
                  {{"run"},
                   {"best " + metric, true, {}, true},
                   {.name = "epoch", .number = true, .minor = true},
                   {"its loss", true},
                   {"last " + metric, true},
                   {.name = "calibration error", .number = true, .minor = true},
                   {.name = "epochs", .number = true, .minor = true},
                   {.name = "time", .number = true, .minor = true},
                   {"model"},
                   {.name = "file", .number = true, .minor = true},
                   {.name = "folder", .minor = true}},
                  true);
  const auto names = run_names(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    table.row();
    table.html(named_color(i, names[i]));
    add_run(table, runs[i], several);
  }
  return table.str();
}

std::string differences(const std::vector<RunData>& runs) {
  const auto rows = differing_options(runs);
  if (rows.empty()) return fill_block("comparison.html", "no_differences");
  std::vector<Column> columns = {{"option"}};
  for (const std::string& name : run_names(runs)) columns.push_back({name});
  HtmlTable table("Options that are not the same in all runs", columns);
  for (const auto& [name, values] : rows) {
    table.row();
    table.cell(name);
    for (const std::string& value : values) table.cell(value);
  }
  return table.str();
}

// Accuracies on different pictures cannot be compared.
std::string doubts(const std::vector<RunData>& runs) {
  if (compared_metrics(runs).size() > 1)
    return notice(
        "Runs of multi-label data are compared by mAP, the others by accuracy: their figures are of "
        "different "
        "things.");
  for (const RunData& run : runs) {
    if (run.config.classes == runs[0].config.classes && run.config.val_counts == runs[0].config.val_counts) {
      continue;
    }
    return notice(
        "The runs do not have the same classes and validation pictures: their figures are of different "
        "things.");
  }
  return "";
}

}  // namespace

std::string comparison_html(const std::vector<RunData>& runs) {
  return html_page(
      std::to_string(runs.size()) + " trainings compared", doubts(runs),
      {{"figures", "Figures", figures(runs)},
       {"curves", "Curves",
        fill_block(
            "comparison.html", "curves",
            {{"charts", Markup{svg(draw_compared_accuracies(runs)) + svg(draw_compared_losses(runs))}}})},
       {"differences", "What differs", differences(runs)}},
      "the run folders");
}

}  // namespace graft
