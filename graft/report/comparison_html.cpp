#include <algorithm>
#include <utility>

#include "graft/report/axes.h"
#include "graft/report/comparison.h"
#include "graft/report/differences.h"
#include "graft/report/drawing.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/html_text.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

// The run's name with the colour of its curves.
std::string named_color(std::size_t i, const std::string& name) {
  return fill(
      R"(<span class="named"><span class="key" style="background:{{color}}"></span><span>{{name}}</span></span>)",
      {{"color", css_color(InkChoice::series(i))}, {"name", Markup{wrapped_html(name)}}});
}

// With `named` the score includes the metric, for runs with different metrics.
void add_score(HtmlTable& table, const MetricValues& values, const Metric* metric, bool named) {
  const double* value = metric == nullptr ? nullptr : value_of(values, metric->key);
  if (value == nullptr) return table.cell("");
  const std::string text =
      metric->unit == MetricUnit::share ? fixed_text(*value, 4) : value_text(*value, Unit::plain);
  table.cell(text + (named ? std::string(" ") + metric->heading : ""), *value);
}

// The order of the best scores; unsorted if the runs form several groups.
Sorted order_of(const std::vector<const Metric*>& metrics) {
  const bool falling = std::all_of(metrics.begin(), metrics.end(),
                                   [](const Metric* metric) { return metric->higher_is_better; });
  const bool shares = std::all_of(metrics.begin(), metrics.end(),
                                  [](const Metric* metric) { return metric->unit == MetricUnit::share; });
  if (metrics.size() > 1 && !(falling && shares)) return Sorted::no;
  return falling ? Sorted::falling : Sorted::rising;
}

void add_calibration(HtmlTable& table, const RunData& run) {
  const bool known = run.val && run.val->metrics;
  table.cell(known ? fixed_text(run.val->metrics->calibration_error, 4) : "");
}

std::string metrics_section(const std::vector<RunData>& runs) {
  const std::vector<const Metric*> metrics = compared_metrics(runs);
  const bool several = metrics.size() > 1;
  const std::string metric = several ? "score" : metrics.front()->heading;
  const bool calibration = std::any_of(runs.begin(), runs.end(), [](const RunData& run) {
    return task_report(run.labels).gives_probabilities;
  });
  std::vector<Column> columns = {
      {"run"},         {.name = metric, .number = true, .sorted = order_of(metrics)},
      {"measured on"}, {.name = "epoch", .number = true, .minor = true},
      {"loss", true},  {"last " + metric, true}};
  if (calibration) columns.push_back({.name = "calibration error", .number = true, .minor = true});
  columns.insert(columns.end(), {{.name = "epochs", .number = true, .minor = true},
                                 {.name = "time", .number = true, .minor = true},
                                 {"model"},
                                 {.name = "file", .number = true, .minor = true},
                                 {.name = "folder", .minor = true}});
  HtmlTable table("Metrics on each run's held-out pictures, the best run first", columns, true);
  const auto names = run_names(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunData& run = runs[i];
    table.row();
    table.html(named_color(i, names[i]));
    if (const MetricValues* values = measured_values(run)) {
      const EpochRecord* best = best_epoch(run.history);
      const double loss = held_out_loss(run, *best);
      add_score(table, *values, primary_metric(run), several);
      table.cell(held_out_pictures(run));
      table.cell(run.evaluation.out_of_fold ? "folds" : epoch_cell(*best));
      table.cell(fixed_text(loss, 4), loss);
      add_score(table, run.history.back().val, primary_metric(run), several);
    } else {
      for (int cell = 0; cell < 5; ++cell) table.cell("");
    }
    if (calibration) add_calibration(table, run);
    table.cell(std::to_string(count_epochs(run.history)));
    table.cell(duration_text(run.seconds()), run.seconds());
    table.cell(value_of(run.config.options, "model"));
    table.cell(run.model_bytes > 0 ? size_text(run.model_bytes) : "", static_cast<double>(run.model_bytes));
    table.cell(run.folder.path().string());
  }
  return table.str();
}

std::string options_section(const std::vector<RunData>& runs) {
  const auto rows = differing_options(runs);
  if (rows.empty()) return fill_block("comparison.html", "no_differences");
  std::vector<Column> columns = {{"option"}};
  for (const std::string& name : run_names(runs)) columns.push_back({name});
  HtmlTable table("Options that differ between the runs", columns);
  for (const auto& [name, values] : rows) {
    table.row();
    table.cell(name);
    for (const std::string& value : values) table.cell(value);
  }
  return table.str();
}

// "Runs of numbers are compared by RMSE, the others by accuracy"
std::string ways(const std::vector<RunData>& runs) {
  std::vector<std::pair<std::string, std::string>> found;  // names of kinds of runs, and their metric
  for (const TaskReport* task : task_reports()) {
    for (const RunData& run : runs) {
      const Metric* metric = primary_metric(run);
      if (metric == nullptr || run.labels != task->labels) continue;
      const std::pair<std::string, std::string> way(task->runs, metric->heading);
      if (std::find(found.begin(), found.end(), way) == found.end()) found.insert(found.begin(), way);
    }
  }
  std::string text;
  for (const auto& [called, metric] : found) {
    const bool last = &metric == &found.back().second;
    text += text.empty() ? capitalized(called) + " are compared" : ", " + (last ? "the others" : called);
    text += " by " + metric;
  }
  return text;
}

// Scores on different pictures cannot be compared.
std::string doubts(const std::vector<RunData>& runs) {
  if (compared_metrics(runs).size() > 1) return notice(ways(runs) + ": their metrics cannot be compared.");
  for (const RunData& run : runs) {
    if (run.config.classes == runs[0].config.classes && run.config.val_counts == runs[0].config.val_counts) {
      continue;
    }
    return notice(
        "The runs do not have the same classes and held-out pictures: their metrics cannot be "
        "compared.");
  }
  return "";
}

// " Cross-validated runs have no curve: folds."
std::string without_curve(const std::vector<RunData>& runs) {
  const std::vector<std::string> names = run_names(runs);
  std::vector<std::string> without;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].evaluation.out_of_fold) without.push_back(names[i]);
  }
  return without.empty() ? "" : " Cross-validated runs have no curve: " + join(without, ", ") + ".";
}

// Empty if no run has a curve of more than one epoch.
std::string curves_section(const std::vector<RunData>& runs) {
  const auto has_line = [](const RunData& run) {
    return !run.evaluation.out_of_fold && count_epochs(run.history) > 1;
  };
  if (std::none_of(runs.begin(), runs.end(), has_line)) return "";
  std::string drawings;
  for (const ChartFile& chart : compared_charts(runs)) drawings += svg(chart.drawing);
  return fill_block("comparison.html", "curves",
                    {{"charts", Markup{drawings}}, {"without", without_curve(runs)}});
}

// Which differences to the best run are more than chance.
std::string chance_section(const std::vector<RunData>& runs, const std::vector<RunDifference>& found) {
  if (found.empty()) return "";
  const auto names = run_names(runs);
  HtmlTable table("Differences to " + names[0] + " on the same pictures",
                  {{"run"},
                   {"difference", true},
                   {"95 % interval", true},
                   {"p", true},
                   {"pictures", true},
                   {"only " + names[0] + " is right", true},
                   {"only this run is right", true},
                   {"more than chance"}});
  for (const RunDifference& each : found) {
    const PairedDifference& d = each.difference;
    const auto text = [&](double value) { return signed_text(*each.metric, value); };
    table.row();
    table.html(named_color(each.run, names[each.run]));
    table.cell(text(d.difference) + " " + each.metric->heading, d.difference);
    table.cell(text(d.interval.low) + " to " + text(d.interval.high));
    table.cell(fixed_text(d.p, 4), d.p);
    table.cell(std::to_string(d.samples));
    table.cell(d.discordant ? std::to_string(d.discordant->only_a) : "");
    table.cell(d.discordant ? std::to_string(d.discordant->only_b) : "");
    table.cell(is_significant(d) ? "yes" : "no: it may be chance");
  }
  return fill_block("comparison.html", "chance", {{"table", Markup{table.str()}}});
}

}  // namespace

std::string comparison_html(const std::vector<RunData>& runs, const std::vector<RunDifference>& differences) {
  return html_page(std::to_string(runs.size()) + " training runs compared", doubts(runs),
                   {{"metrics", "Metrics", metrics_section(runs)},
                    {"chance", "More than chance?", chance_section(runs, differences)},
                    {"curves", "Curves", curves_section(runs)},
                    {"differences", "What differs", options_section(runs)}},
                   "the run folders");
}

}  // namespace graft
