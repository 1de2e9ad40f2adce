#include "graft/report/class_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

// "8 of each class", "4 to 12 of each class"
std::string of_each(const std::vector<std::int64_t>& counts) {
  if (counts.empty()) return "";
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  return std::to_string(*least) + (*least == *most ? "" : " to " + std::to_string(*most)) + " of each class";
}

double probability_of(const PredictionRow* row) {
  const double probability = row->probability.value_or(0);
  return std::isnan(probability) ? 0 : probability;
}

std::string shown_mistakes(std::size_t count) {
  if (count == 1) return "The only wrong prediction.";
  if (count > max_row_pictures)
    return "The " + std::to_string(max_row_pictures) + " most confident of " + std::to_string(count) +
           " wrong predictions.";
  return "All " + std::to_string(count) + " wrong predictions, the most confident first.";
}

std::string bold_html(const std::string& text) { return fill("<b>{{text}}</b>", {{"text", text}}); }

}  // namespace

std::string class_tiles(const RunConfig& config) {
  return picture_tiles(config, of_each(config.train_counts), of_each(config.val_counts)) +
         headline("Classes", std::to_string(config.classes.size()));
}

std::string class_counts_table(const RunConfig& config) {
  if (config.train_counts.size() != config.classes.size() ||
      config.train_counts.size() != config.val_counts.size())
    return "";
  HtmlTable table("Pictures of each class",
                  {{"class"}, {"training", true, training_ink()}, {"validation", true, validation_ink()}},
                  true);
  for (std::size_t i = 0; i < config.classes.size(); ++i) {
    table.row();
    table.cell(config.classes[i]);
    table.cell(std::to_string(config.train_counts[i]));
    table.cell(std::to_string(config.val_counts[i]));
  }
  return table.str();
}

std::string training_count(const RunConfig& config, std::size_t i) {
  const bool known = config.train_counts.size() == config.classes.size();
  return known && i < config.train_counts.size() ? std::to_string(config.train_counts[i]) : "";
}

std::string mistakes_section(const RunData& run, std::string (*names)(const std::string&)) {
  if (!run.val || run.val->rows.empty()) return "";
  const auto words = [&](const PredictionRow& row) {
    const bool right = row.label == row.predicted;
    const std::string probability =
        row.probability ? " " + value_text(*row.probability, Unit::share) : std::string();
    return PictureWords{
        "a picture of the class " + row.label + ", predicted " + row.predicted,
        std::string(right ? R"(<span class="yes">✓</span> )" : R"(<span class="no">✗</span> )") +
            bold_html(names(row.predicted)) + probability +
            (right ? "" : "<br>true: " + bold_html(names(row.label)))};
  };
  const auto pictures = [&](const std::vector<const PredictionRow*>& rows) {
    return Markup{row_pictures(run, rows, words)};
  };
  std::vector<const PredictionRow*> all, wrong;
  for (const PredictionRow& row : run.val->rows) {
    all.push_back(&row);
    if (row.label != row.predicted) wrong.push_back(&row);
  }
  const auto less_sure = [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) < probability_of(b);
  };
  std::stable_sort(all.begin(), all.end(), less_sure);
  std::stable_sort(wrong.begin(), wrong.end(),
                   [&](const PredictionRow* a, const PredictionRow* b) { return less_sure(b, a); });
  const std::string mistakes =
      wrong.empty() ? fill_block(report_blocks, "every_picture_right")
                    : fill_block(report_blocks, "surest_mistakes",
                                 {{"which", shown_mistakes(wrong.size())}, {"pictures", pictures(wrong)}});
  return mistakes + fill_block(report_blocks, "least_sure", {{"pictures", pictures(all)}});
}

std::string class_outputs(const RunConfig& config) { return counted(config.classes.size(), "class"); }

}  // namespace graft
