#include <algorithm>
#include <cstdint>

#include "graft/report/axes.h"
#include "graft/report/charts.h"
#include "graft/report/drawing.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

constexpr const char* file = "report.html";
constexpr std::size_t max_mistakes = 10;

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

std::string mistakes_table(const ValFigures& figures) {
  const auto mistakes = frequent_mistakes(figures.confusion);
  if (mistakes.empty()) return fill_block(file, "no_mistakes");
  HtmlTable table("The most frequent mistakes",
                  {{"true"}, {"predicted"}, {"pictures", true}, {"of the class", true}});
  for (const Mistake& mistake : mistakes) {
    const auto support = static_cast<double>(figures.per_class[mistake.truth].support);
    table.row();
    table.cell(figures.classes[mistake.truth]);
    table.cell(figures.classes[mistake.predicted]);
    table.cell(std::to_string(mistake.count));
    table.cell(value_text(static_cast<double>(mistake.count) / support, Unit::share));
  }
  return table.str();
}

// Before there are figures: what the data hold.
std::string counts_table(const RunConfig& config) {
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

std::string training_count(const RunData& run, std::size_t i) {
  const bool known = run.config.train_counts.size() == run.config.classes.size();
  return known && i < run.config.train_counts.size() ? std::to_string(run.config.train_counts[i]) : "";
}

// Of multi-label data.
std::string labels_table(const RunData& run) {
  HtmlTable table(
      "Pictures that show each class, and figures on the validation pictures as scikit-learn computes them; "
      "a "
      "class is named from a probability of one half",
      {{"class"},
       {"training", true, training_ink()},
       {"validation", true, validation_ink()},
       {"average precision", true},
       {"precision", true},
       {"recall", true},
       {"F1", true}},
      true);
  for (std::size_t i = 0; i < run.label_figures.size(); ++i) {
    const auto& [name, f] = run.label_figures[i];
    table.row();
    table.cell(name);
    table.cell(training_count(run, i));
    table.cell(std::to_string(f.support));
    table.share(f.average_precision);
    table.share(f.precision);
    table.share(f.recall);
    table.share(f.f1);
  }
  return table.str();
}

std::string means(const ValFigures& figures) {
  ClassFigures mean;
  const auto count = static_cast<double>(figures.per_class.size());
  for (const ClassFigures& f : figures.per_class) {
    mean.precision += f.precision / count;
    mean.recall += f.recall / count;
    mean.f1 += f.f1 / count;
  }
  return fill_block(file, "class_means",
                    {{"precision", fixed_text(mean.precision, 4)},
                     {"recall", fixed_text(mean.recall, 4)},
                     {"f1", fixed_text(mean.f1, 4)},
                     {"accuracy", fixed_text(figures.accuracy, 4)},
                     {"loss", fixed_text(figures.loss, 4)}});
}

}  // namespace

std::string confusion_section(const RunData& run) {
  if (!run.figures) return "";
  const ValFigures& figures = *run.figures;
  return fill_block(
      file, "confusion",
      {{"chart", Markup{svg(draw_confusion(figures.confusion, figures.classes, CellText::counts))}},
       {"mistakes", Markup{mistakes_table(figures)}}});
}

std::string classes_section(const RunData& run) {
  if (!run.label_figures.empty()) return labels_table(run);
  if (!run.figures) return counts_table(run.config);
  const ValFigures& figures = *run.figures;
  HtmlTable table(
      "Pictures of each class, and figures on the validation pictures as scikit-learn computes them",
      {{"class"},
       {"training", true, training_ink()},
       {"validation", true, validation_ink()},
       {"precision", true},
       {"recall", true},
       {"F1", true}},
      true);
  for (std::size_t i = 0; i < figures.classes.size(); ++i) {
    const ClassFigures& f = figures.per_class[i];
    table.row();
    table.cell(figures.classes[i]);
    table.cell(training_count(run, i));
    table.cell(std::to_string(f.support));
    table.share(f.precision);
    table.share(f.recall);
    table.share(f.f1);
  }
  return table.str() + means(figures);
}

std::string reliability_section(const RunData& run) {
  if (!run.figures) return "";
  return fill_block(file, "reliability", {{"chart", Markup{svg(draw_reliability(run.figures->bins))}}});
}

}  // namespace graft
