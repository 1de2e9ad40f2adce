// Findings from the numbers of pictures, before any is opened.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "graft/check/findings.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using Counts = std::vector<std::int64_t>;

struct ClassCounts {
  Counts train, val, test;
};

ClassCounts count_classes(const CheckedData& data) {
  ClassCounts counts{data.train_counts, data.val_counts, data.test_counts};
  for (Counts* each : {&counts.train, &counts.val, &counts.test}) each->resize(data.classes.size(), 0);
  return counts;
}

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

FindingItem words(std::string text) { return {{}, std::move(text)}; }

Finding refused(const CheckedData& data) {
  Finding finding{"refused", Severity::problem, "training would refuse this dataset", "fix this first", {}};
  if (!data.refusal.empty()) finding.items.push_back(words(data.refusal));
  return finding;
}

// Without any validation pictures there is no finding about single classes.
Finding one_side(const CheckedData& data, const ClassCounts& counts) {
  Finding finding{"one_side",
                  Severity::problem,
                  "classes with pictures on one side only",
                  "add pictures to the other side, or remove the class",
                  {}};
  if (!data.has_val()) return finding;
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    if ((counts.train[i] == 0) == (counts.val[i] == 0)) continue;
    finding.items.push_back(words(quoted(data.classes[i]) + ": " + counted(counts.train[i], "picture") +
                                  " to train on, " + counted(counts.val[i], "picture") + " to validate on"));
  }
  return finding;
}

Finding empty_classes(const CheckedData& data, const ClassCounts& counts) {
  Finding finding{
      "empty_class", Severity::problem, "classes without pictures", "add pictures, or remove the class", {}};
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    if (counts.train[i] + counts.val[i] + counts.test[i] == 0)
      finding.items.push_back(words(quoted(data.classes[i])));
  }
  return finding;
}

Finding few(const CheckedData& data, const ClassCounts& counts, const CheckOptions& options) {
  Finding finding{"few",
                  Severity::note,
                  "classes with few training pictures",
                  "add pictures, or expect low accuracy for these classes (`few_pictures`)",
                  {}};
  if (data.labels == LabelKind::number) {  // there are no classes
    finding.what = "few training pictures";
    finding.advice = "add pictures (`few_pictures`)";
    const auto pictures = static_cast<std::int64_t>(data.train);
    if (pictures > 0 && pictures < options.few_pictures)
      finding.items.push_back(words(counted(pictures, "picture")));
    return finding;
  }
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    if (counts.train[i] == 0 || counts.train[i] >= options.few_pictures) continue;
    finding.items.push_back(words(quoted(data.classes[i]) + ": " + counted(counts.train[i], "picture")));
  }
  return finding;
}

Finding imbalanced(const CheckedData& data, const Counts& train, const CheckOptions& options) {
  Finding finding{"imbalanced",
                  Severity::note,
                  "classes out of balance",
                  "evaluate the metrics of each class, not only the accuracy (`imbalance`)",
                  {}};
  const auto largest = std::max_element(train.begin(), train.end());
  for (std::size_t i = 0; i < train.size(); ++i) {
    if (train[i] == 0) continue;
    const double ratio = static_cast<double>(*largest) / static_cast<double>(train[i]);
    if (ratio < options.imbalance || train[i] == *largest) continue;
    char times[32];
    std::snprintf(times, sizeof times, "%.1f", ratio);
    finding.items.push_back(words(quoted(data.classes[i]) + ": " + counted(train[i], "picture") + "; " +
                                  quoted(data.classes[static_cast<std::size_t>(largest - train.begin())]) +
                                  " has " + times + " times as many"));
  }
  return finding;
}

Finding warned(const CheckedData& data) {
  Finding finding{
      "warned", Severity::note, "warnings that training would give", "check that this is intended", {}};
  for (const std::string& warning : data.warnings) finding.items.push_back(words(warning));
  return finding;
}

}  // namespace

Finding ignored_files(const CheckedData& data) {
  Finding finding{"ignored",
                  Severity::note,
                  "files that are ignored",
                  "check that none of them is a picture of the dataset",
                  {}};
  for (const IgnoredFile& file : data.ignored) finding.items.push_back({{}, file.reason, file.path});
  return finding;
}

std::vector<Finding> class_findings(const CheckedData& data, const CheckOptions& options) {
  const ClassCounts counts = count_classes(data);
  return {refused(data),
          one_side(data, counts),
          empty_classes(data, counts),
          few(data, counts, options),
          imbalanced(data, counts.train, options),
          warned(data)};
}

}  // namespace graft
