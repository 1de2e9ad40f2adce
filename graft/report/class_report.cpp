// Single-label data: the confusion matrix, metrics of each class, the reliability of probabilities, mistakes.
#include <algorithm>
#include <cstdint>

#include "graft/report/axes.h"
#include "graft/report/charts.h"
#include "graft/report/class_parts.h"
#include "graft/report/format.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

constexpr std::size_t max_mistakes = 10;

std::string best_tiles(const RunData& run) {
  const EpochRecord* best = best_epoch(run.history);
  if (best == nullptr) return "";
  const auto& held_out = run.evaluation.out_of_fold;
  const double* top5 = value_of(held_out ? held_out->metrics : best->val, "top5");
  // With five classes or fewer top-5 accuracy is always 1.
  const bool shows_top5 = top5 != nullptr && run.config.classes.size() > 5;
  return primary_tiles(run, "accuracy", shows_top5 ? "top-5 " + value_text(*top5, Unit::share) : "") +
         loss_tile(run, *best);
}

std::string class_tiles(const RunData& run) {
  return best_tiles(run) +
         (run.val ? headline("Calibration error", fixed_text(run.val->metrics->calibration_error, 4),
                             "expected, 15 bins")
                  : "") +
         class_tiles(run.config);
}

struct Mistake {
  std::size_t truth, predicted;
  std::int64_t count;
};

std::vector<Mistake> frequent_mistakes(const Confusion& confusion) {
  std::vector<Mistake> mistakes;
  for (std::size_t truth = 0; truth < confusion.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < confusion.size(); ++predicted) {
      const std::int64_t count = confusion[truth][predicted];
      if (truth != predicted && count > 0) mistakes.push_back({truth, predicted, count});
    }
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.count > b.count; });
  if (mistakes.size() > max_mistakes) mistakes.resize(max_mistakes);
  return mistakes;
}

std::string mistakes_table(const ValMetrics& metrics) {
  const auto mistakes = frequent_mistakes(metrics.confusion);
  if (mistakes.empty()) return fill_block(report_blocks, "no_mistakes");
  HtmlTable table("The most frequent mistakes",
                  {{"true"}, {"predicted"}, {"pictures", true}, {"of the class", true}});
  for (const Mistake& mistake : mistakes) {
    const auto support = static_cast<double>(metrics.per_class[mistake.truth].support);
    table.row();
    table.cell(metrics.classes[mistake.truth]);
    table.cell(metrics.classes[mistake.predicted]);
    table.cell(std::to_string(mistake.count));
    table.cell(value_text(static_cast<double>(mistake.count) / support, Unit::share));
  }
  return table.str();
}

std::string means(const ValMetrics& metrics) {
  ClassMetrics mean;
  const auto count = static_cast<double>(metrics.per_class.size());
  for (const ClassMetrics& f : metrics.per_class) {
    mean.precision += f.precision / count;
    mean.recall += f.recall / count;
    mean.f1 += f.f1 / count;
  }
  return fill_block(report_blocks, "class_means",
                    {{"precision", fixed_text(mean.precision, 4)},
                     {"recall", fixed_text(mean.recall, 4)},
                     {"f1", fixed_text(mean.f1, 4)},
                     {"accuracy", fixed_text(metrics.accuracy, 4)},
                     {"loss", fixed_text(metrics.loss, 4)}});
}

std::string confusion_section(const RunData& run, const ValMetrics& metrics) {
  return fill_block(
      report_blocks, "confusion",
      {{"pictures", held_out_pictures(run)},
       {"chart", Markup{svg(draw_confusion(metrics.confusion, metrics.classes, CellText::counts))}},
       {"mistakes", Markup{mistakes_table(metrics)}}});
}

std::string classes_section(const RunData& run, const ValMetrics& metrics) {
  const bool trained = !run.config.train_counts.empty();
  std::vector<Column> columns = {{"class"}};
  if (trained) columns.push_back({"training", true, training_ink()});
  columns.insert(
      columns.end(),
      {{held_out_word(run), true, validation_ink()}, {"precision", true}, {"recall", true}, {"F1", true}});
  HtmlTable table(
      "The " + held_out_pictures(run) + " of each class, and metrics as scikit-learn computes them", columns,
      true);
  for (std::size_t i = 0; i < metrics.classes.size(); ++i) {
    const ClassMetrics& f = metrics.per_class[i];
    table.row();
    table.cell(metrics.classes[i]);
    if (trained) table.cell(training_count(run.config, i));
    table.cell(std::to_string(f.support));
    table.share(f.precision);
    table.share(f.recall);
    table.share(f.f1);
  }
  return table.str() + means(metrics);
}

std::string class_names(const std::string& label) { return label; }

std::vector<HtmlSection> class_sections(const RunData& run) {
  if (!run.val) return {{"classes", "Classes", class_counts_table(run.config)}};
  const ValMetrics& metrics = *run.val->metrics;
  return {{"confusion", "Confusion matrix", confusion_section(run, metrics)},
          {"classes", "Classes", classes_section(run, metrics)},
          {"reliability", "Reliability",
           fill_block(report_blocks, "reliability",
                      {{"chart", Markup{svg(draw_reliability(metrics.bins))}},
                       {"pictures", held_out_pictures(run)},
                       {"few", std::to_string(few_in_bin)}})},
          {"mistakes", "Mistakes and doubts", mistakes_section(run, class_names)}};
}

std::vector<ChartFile> class_charts(const ValResults& results) {
  const ValMetrics& metrics = *results.metrics;
  return {{confusion_png, draw_confusion(metrics.confusion, metrics.classes, CellText::counts)},
          {normalized_confusion_png, draw_confusion(metrics.confusion, metrics.classes, CellText::shares)},
          {reliability_png, draw_reliability(metrics.bins)}};
}

}  // namespace

const TaskReport class_report = {
    .labels = LabelKind::single,
    .runs = "runs of single-label data",
    .gives_probabilities = true,
    .tiles = class_tiles,
    .not_known_yet = classes_not_known_yet,
    .sections = class_sections,
    .charts = class_charts,
    .usage_block = "usage",
    .evaluated = "folder_of_classes/",
    .outputs = class_outputs,
    .shows_batch = batch_of_classes,
    .shows_predictions = predictions_of_classes,
};

}  // namespace graft
