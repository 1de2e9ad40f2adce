#include "graft/report/differences.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "graft/core/text.h"
#include "graft/metrics/number_text.h"
#include "graft/report/comparison.h"
#include "graft/report/format.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

using RowsByPicture = std::map<std::string, std::size_t>;

// By the picture's path below the run's data, which runs may name in different ways.
RowsByPicture rows_by_picture(const RunData& run) {
  RowsByPicture rows;
  if (!run.val) return rows;
  const std::string data =
      run.config.data.empty() ? "" : (std::filesystem::path(run.config.data) / "").string();
  for (std::size_t i = 0; i < run.val->rows.size(); ++i) {
    const std::string& path = run.val->rows[i].path;
    rows.emplace(!data.empty() && path.starts_with(data) ? path.substr(data.size()) : path, i);
  }
  return rows;
}

// The rows of both runs for each picture; empty if their pictures or labels are not the same.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of(const RunData& a, const RunData& b) {
  const RowsByPicture of_a = rows_by_picture(a), of_b = rows_by_picture(b);
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  if (of_a.size() != of_b.size() || a.labels != b.labels) return {};
  for (auto first = of_a.begin(), second = of_b.begin(); first != of_a.end(); ++first, ++second) {
    if (first->first != second->first ||
        a.val->rows[first->second].label != b.val->rows[second->second].label)
      return {};
    pairs.emplace_back(first->second, second->second);
  }
  return pairs;
}

Outcomes in_order(const Outcomes& all, const std::vector<std::size_t>& rows) {
  Outcomes result;
  const auto classes = static_cast<std::size_t>(all.labels.classes);
  result.labels.classes = all.labels.classes;
  for (const std::size_t row : rows) {
    result.outcomes.push_back(all.outcomes[row]);
    for (std::size_t k = 0; k < classes; ++k) {
      result.labels.scores.push_back(all.labels.scores[row * classes + k]);
      result.labels.truth.push_back(all.labels.truth[row * classes + k]);
    }
  }
  return result;
}

std::optional<PairedDifference> difference_of(const RunData& first, const RunData& run, const RunTask& task) {
  const auto pairs = pairs_of(first, run);
  const Outcomes a = task.outcomes(first.config, *first.val), b = task.outcomes(run.config, *run.val);
  if (pairs.empty() || a.outcomes.empty() || b.outcomes.empty()) return std::nullopt;
  std::vector<std::size_t> rows_a, rows_b;
  for (const auto& [row_a, row_b] : pairs) {
    rows_a.push_back(row_a);
    rows_b.push_back(row_b);
  }
  return paired_difference(in_order(a, rows_a), in_order(b, rows_b), task.primary_metric, task.metrics);
}

}  // namespace

std::vector<RunDifference> differences_to_first(const std::vector<RunData>& runs) {
  std::vector<RunDifference> differences;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (!runs[0].val || !runs[i].val) continue;
    const RunTask& task = run_task(runs[0].labels);
    if (const auto found = difference_of(runs[0], runs[i], task))
      differences.push_back({i, &find_metric(task.primary_metric), *found});
  }
  return differences;
}

std::string signed_text(const Metric& metric, double value) {
  return (value > 0 ? "+" : "") + metric_text(metric, value);
}

std::vector<std::string> difference_sentences(const std::vector<RunData>& runs) {
  std::vector<std::string> sentences;
  const std::vector<std::string> names = run_names(runs);
  std::vector<bool> compared(runs.size(), false);
  for (const auto& [run, metric, d] : differences_to_first(runs)) {
    compared[run] = true;
    sentences.push_back(names[run] + ": " + metric->heading + " " + signed_text(*metric, d.difference) +
                        " compared with " + names[0] + " (95 %: " + signed_text(*metric, d.interval.low) +
                        " to " + signed_text(*metric, d.interval.high) + ", p " + fixed_text(d.p, 4) + ", " +
                        counted(d.samples, "picture") +
                        "): " + (is_significant(d) ? "more than chance" : "may be chance"));
  }
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (!compared[i])
      sentences.push_back(names[i] + ": not compared with " + names[0] +
                          ": they were not measured on the same pictures and labels");
  }
  return sentences;
}

}  // namespace graft
