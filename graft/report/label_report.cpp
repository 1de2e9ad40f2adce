// Multi-label data, where a picture may show any number of classes: metrics of each class, mistakes.
#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/class_parts.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/palette.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

std::string label_tiles(const RunData& run) {
  const EpochRecord* best = best_epoch(run.history);
  if (best == nullptr) return class_tiles(run.config);
  std::string text = primary_tiles(run, "mean average precision");
  const auto& held_out = run.evaluation.out_of_fold;
  if (const double* accuracy = value_of(held_out ? held_out->metrics : best->val, "acc"))
    text += headline("All classes correct", value_text(*accuracy, Unit::share),
                     held_out ? "out-of-fold" : "validation pictures, of these weights");
  return text + loss_tile(run, *best) + class_tiles(run.config);
}

std::string labels_table(const RunData& run) {
  const bool trained = !run.config.train_counts.empty();
  std::vector<Column> columns = {{"class"}};
  if (trained) columns.push_back({"training", true, training_ink()});
  columns.insert(columns.end(), {{held_out_word(run), true, validation_ink()},
                                 {"average precision", true},
                                 {"precision", true},
                                 {"recall", true},
                                 {"F1", true}});
  HtmlTable table(
      "The " + held_out_pictures(run) +
          " that show each class, and metrics as scikit-learn computes them; a class is predicted from a "
          "probability of 0.5",
      columns, true);
  for (std::size_t i = 0; i < run.val->label_metrics.size(); ++i) {
    const auto& [name, f] = run.val->label_metrics[i];
    table.row();
    table.cell(name);
    if (trained) table.cell(training_count(run.config, i));
    table.cell(std::to_string(f.support));
    table.share(f.average_precision);
    table.share(f.precision);
    table.share(f.recall);
    table.share(f.f1);
  }
  return table.str();
}

// The table of predictions joins the names with "|".
std::string label_names(const std::string& label) {
  return label.empty() ? "nothing" : join(split(label, '|'), ", ");
}

std::vector<HtmlSection> label_sections(const RunData& run) {
  const bool judged = run.val && !run.val->label_metrics.empty();
  return {{"classes", "Classes", judged ? labels_table(run) : class_counts_table(run.config)},
          {"mistakes", "Mistakes and doubts", mistakes_section(run, label_names)}};
}

std::vector<ChartFile> label_charts(const ValResults&) { return {}; }

}  // namespace

const TaskReport label_report = {
    .labels = LabelKind::multi,
    .runs = "runs of multi-label data",
    .gives_probabilities = true,
    .tiles = label_tiles,
    .not_known_yet = classes_not_known_yet,
    .sections = label_sections,
    .charts = label_charts,
    .usage_block = "usage",
    .evaluated = "labels.csv",
    .outputs = class_outputs,
    .shows_batch = batch_of_classes,
    .shows_predictions = predictions_of_classes,
};

}  // namespace graft
