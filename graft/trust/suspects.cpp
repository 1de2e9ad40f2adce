#include "graft/trust/suspects.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/trust/label_issues.h"

namespace graft {
namespace {

using ClassIndices = std::unordered_map<std::string_view, std::size_t>;

ClassIndices indices_of(const std::vector<std::string>& classes) {
  ClassIndices indices;
  for (std::size_t i = 0; i < classes.size(); ++i) indices.emplace(classes[i], i);
  return indices;
}

std::vector<float> softmax(std::span<const float> outputs) {
  const double largest = static_cast<double>(*std::max_element(outputs.begin(), outputs.end()));
  std::vector<double> powers;
  double sum = 0;
  for (const float output : outputs)
    sum += powers.emplace_back(std::exp(static_cast<double>(output) - largest));
  std::vector<float> probabilities;
  for (const double power : powers) probabilities.push_back(static_cast<float>(power / sum));
  return probabilities;
}

std::vector<Suspect> suspects_of_one_class(const HeldOutRows& rows) {
  const ClassIndices indices = indices_of(rows.classes);
  const std::size_t classes = rows.classes.size();
  std::vector<std::size_t> judged;
  std::vector<std::int64_t> labels;
  std::vector<float> probabilities;
  for (std::size_t i = 0; i < rows.labels.size(); ++i) {
    const auto label = indices.find(rows.labels[i]);
    if (label == indices.end()) continue;
    judged.push_back(i);
    labels.push_back(static_cast<std::int64_t>(label->second));
    const std::vector<float> row = softmax(rows.outputs.subspan(i * classes, classes));
    probabilities.insert(probabilities.end(), row.begin(), row.end());
  }
  std::vector<Suspect> suspects;
  for (const LabelIssue& issue : find_label_issues({probabilities, classes}, labels))
    suspects.push_back({judged[issue.row], rows.classes[issue.proposed], issue.self_confidence});
  return suspects;
}

LabelTable table_of(const HeldOutRows& rows) {
  const ClassIndices indices = indices_of(rows.classes);
  const std::size_t classes = rows.classes.size();
  LabelTable table{static_cast<std::int64_t>(classes), {}, {}};
  for (const float output : rows.outputs)
    table.scores.push_back(static_cast<float>(1 / (1 + std::exp(-static_cast<double>(output)))));
  table.truth.assign(rows.outputs.size(), 0);
  for (std::size_t i = 0; i < rows.labels.size(); ++i) {
    for (const std::string& name : split(rows.labels[i], '|')) {
      const auto found = indices.find(name);
      if (found != indices.end()) table.truth[i * classes + found->second] = 1;
    }
  }
  return table;
}

std::string classes_words(const LabelTable& table, std::size_t row, const std::vector<std::string>& classes) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (table.truth[row * classes.size() + k] != 0) names.push_back(classes[k]);
  }
  return join(names, "|");
}

std::vector<Suspect> suspects_of_several_classes(const HeldOutRows& rows) {
  LabelTable table = table_of(rows);
  const std::vector<ClassIssue> issues = find_class_issues(table);
  std::vector<Suspect> suspects;
  for (const ClassIssue& issue : issues) {
    if (suspects.empty() || suspects.back().row != issue.row) suspects.push_back({issue.row, "", 1});
    double& least = suspects.back().self_confidence;
    least = std::min(least, issue.self_confidence);
    table.truth[issue.row * rows.classes.size() + issue.index] ^= 1;
  }
  for (Suspect& suspect : suspects) suspect.proposed = classes_words(table, suspect.row, rows.classes);
  std::stable_sort(suspects.begin(), suspects.end(),
                   [](const Suspect& a, const Suspect& b) { return a.self_confidence < b.self_confidence; });
  return suspects;
}

std::string quoted_label(const std::string& label) {
  return label.empty() ? "no class" : "\"" + label + "\"";
}

}  // namespace

std::vector<Suspect> find_suspects(const HeldOutRows& rows) {
  if (rows.kind != LabelKind::single && rows.kind != LabelKind::multi)
    throw UsageError("`labels`", "are numbers, and confident learning judges classes", "leave it out");
  if (rows.outputs.size() != rows.labels.size() * rows.classes.size())
    throw UsageError("`outputs`", "do not have a row for each label", "give N×classes values");
  if (rows.outputs.empty()) return {};
  if (!std::all_of(rows.outputs.begin(), rows.outputs.end(),
                   [](float value) { return std::isfinite(value); }))
    throw Error("outputs", "have a value that is not finite", "look for the cause in the model");
  return rows.kind == LabelKind::single ? suspects_of_one_class(rows) : suspects_of_several_classes(rows);
}

std::string suspect_words(const Suspect& suspect, const std::string& label) {
  return "labelled " + quoted_label(label) + ", probably " + quoted_label(suspect.proposed) +
         format_text("; probability of its label %.4f", suspect.self_confidence);
}

}  // namespace graft
