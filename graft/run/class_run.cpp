// Runs with one class per picture.
#include "graft/run/card_text.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

void complete(const RunFolder&, const RunConfig& config, ValResults& results) {
  results.figures = val_figures(results.rows, config.classes);
}

std::string metric_name(const Metric& metric) { return metric.name; }

std::string more_figures(const ValResults& results) {
  return card_row("expected calibration error, 15 bins", card_number(results.figures->calibration_error));
}

std::string section(const ModelCard& card) {
  const RunConfig& config = card.config;
  const ValFigures* figures = card.val ? &*card.val->figures : nullptr;
  std::string text = figures != nullptr ? "| | class | training | validation | precision | recall | F1 |\n"
                                          "|---|---|---|---|---|---|---|\n"
                                        : "| | class | training | validation |\n|---|---|---|---|\n";
  const std::vector<std::string>& names = figures != nullptr ? figures->classes : config.classes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += class_row(config, i, names[i]);
    if (figures != nullptr) {
      const ClassFigures& f = figures->per_class[i];
      text +=
          " " + card_number(f.precision) + " | " + card_number(f.recall) + " | " + card_number(f.f1) + " |";
    }
    text += "\n";
  }
  return "## Classes\n\n" + text;
}

}  // namespace

const RunTask class_run = {
    .labels = LabelKind::single,
    .primary_metric = "acc",
    .complete = complete,
    .subject = classes_subject,
    .purpose = "An image classifier made by transfer learning.",
    .chosen_by = "accuracy",
    .metric_name = metric_name,
    .loss = "loss (cross entropy)",
    .more_figures = more_figures,
    .section = section,
    .kept_in_file = "classes and preprocessing",
    .evaluated = "folder/",
    .limit =
        "It predicts these classes only: any other picture is assigned to one of them, often with a "
        "high probability.",
};

}  // namespace graft
