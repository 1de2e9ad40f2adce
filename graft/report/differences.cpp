#include "graft/report/differences.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "graft/core/text.h"
#include "graft/metrics/number_text.h"
#include "graft/report/comparison.h"
#include "graft/report/format.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

using RowsByPicture = std::map<std::string, std::uint32_t>;

// By the picture's path below the run's data, which runs may name in different ways.
RowsByPicture rows_by_picture(const RunData& run) {
  RowsByPicture rows;
  if (!run.val) return rows;
  const std::string data =
      run.config.data.empty() ? "" : (std::filesystem::path(run.config.data) / "").string();
  for (std::uint32_t i = 0; i < run.val->rows.size(); ++i) {
    const std::string& path = run.val->rows[i].path;
    rows.emplace(!data.empty() && path.starts_with(data) ? path.substr(data.size()) : path, i);
  }
  return rows;
}

// The rows of both runs for each picture.
struct RowPairs {
  std::vector<std::uint32_t> a, b;
};

// None if their pictures or labels are not the same.
RowPairs pairs_of(const RunData& a, const RunData& b) {
  const RowsByPicture of_a = rows_by_picture(a), of_b = rows_by_picture(b);
  RowPairs pairs;
  if (of_a.size() != of_b.size() || a.labels != b.labels) return {};
  for (auto first = of_a.begin(), second = of_b.begin(); first != of_a.end(); ++first, ++second) {
    if (first->first != second->first ||
        a.val->rows[first->second].label != b.val->rows[second->second].label)
      return {};
    pairs.a.push_back(first->second);
    pairs.b.push_back(second->second);
  }
  return pairs;
}

std::optional<PairedDifference> difference_of(const RunData& first, const RunData& run, const RunTask& task) {
  const RowPairs pairs = pairs_of(first, run);
  const Outcomes a = task.outcomes(first.config, *first.val), b = task.outcomes(run.config, *run.val);
  if (pairs.a.empty() || a.outcomes.empty() || b.outcomes.empty()) return std::nullopt;
  return paired_difference(select_outcomes(a, pairs.a), select_outcomes(b, pairs.b), task.primary_metric,
                           task.metrics);
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

namespace {

// "; 1 only A has right, 0 only B"
std::string discordant_words(const PairedDifference& d, const std::string& a, const std::string& b) {
  if (!d.discordant) return "";
  return "; " + std::to_string(d.discordant->only_a) + " only " + a + " has right, " +
         std::to_string(d.discordant->only_b) + " only " + b;
}

}  // namespace

std::vector<std::string> difference_sentences(const std::vector<RunData>& runs,
                                              const std::vector<RunDifference>& differences) {
  std::vector<std::string> sentences;
  const std::vector<std::string> names = run_names(runs);
  std::vector<bool> compared(runs.size(), false);
  for (const auto& [run, metric, d] : differences) {
    compared[run] = true;
    sentences.push_back(names[run] + ": " + metric->heading + " " + signed_text(*metric, d.difference) +
                        " compared with " + names[0] + " (95 %: " + signed_text(*metric, d.interval.low) +
                        " to " + signed_text(*metric, d.interval.high) + ", p " + fixed_text(d.p, 4) + ", " +
                        counted(d.samples, "picture") + discordant_words(d, names[0], names[run]) +
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
