#include <algorithm>

#include "graft/check/check.h"
#include "graft/core/escape.h"
#include "graft/core/option_words.h"
#include "graft/core/text.h"
#include "graft/data/labels.h"

namespace graft {
namespace {

using WordFor = std::function<std::string(const std::string&)>;

constexpr std::size_t first_items = 5;

// A picture's line as a training run reports it; pictures that belong together one below the other.
std::string text_of(const FindingItem& item, const CheckReport& report, const WordFor& word_for) {
  const std::vector<std::string> paths = paths_of(item, report);
  const std::string detail = replace_options(item.detail, word_for);
  if (paths.empty()) return escaped_line("    " + detail);
  std::string text;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const bool last = i + 1 == paths.size();
    text += escaped_line((i == 0 ? "    " : "      = ") + paths[i] +
                         (last && !detail.empty() ? ": " + detail : ""));
  }
  return text;
}

std::string text_of(const Finding& finding, const CheckReport& report, bool all, const WordFor& word_for) {
  const std::size_t count = finding.items.size(), shown = all ? count : std::min(count, first_items);
  std::string text = escaped_line(format_text("%-7s %6zu  ", name_of(finding.severity), count) +
                                  finding.what + " (" + finding.name + ")");
  for (std::size_t i = 0; i < shown; ++i) text += text_of(finding.items[i], report, word_for);
  if (shown < count)
    text += escaped_line("    … and " + std::to_string(count - shown) + " more (" + word_for("all") + ")");
  return text + escaped_line("  → " + replace_options(finding.advice, word_for)) + "\n";
}

// "20 training pictures, 4 to validate on (split off) and 6 to test"
std::string parts_text(const CheckReport& report) {
  const auto split_off = [](bool is_so) { return is_so ? " (split off)" : ""; };
  const std::string val = std::to_string(report.val()) + " to validate on" + split_off(report.split);
  const std::string train = counted(report.train, "training picture");
  if (report.test == 0) return train + " and " + val;
  return train + ", " + val + " and " + std::to_string(report.test) + " to test" +
         split_off(report.test_split);
}

}  // namespace

std::string to_text(const CheckReport& report, bool all, const WordFor& word_for) {
  std::string text;
  for (const Finding& finding : report.findings) text += text_of(finding, report, all, word_for);
  const bool number = report.labels == LabelKind::number;
  const std::string labels = !number                  ? counted(report.classes.size(), "class")
                             : report.classes.empty() ? "a number"
                                                      : "the number " + report.classes.front();
  return text +
         escaped_line(parts_text(report) + ", " + labels + ": " +
                      counted(report.count(Severity::problem), "kind") + " of problem, " +
                      counted(report.count(Severity::note), "kind") + " of note") +
         (report.label_judge.empty() ? "" : escaped_line("labels judged by " + report.label_judge));
}

std::vector<std::string> idle_check_options(const CheckReport& report, const DataSource& data,
                                            const GivenOptions& given) {
  std::vector<std::string> sentences;
  const auto acts_only_on_a_split = [&](const char* name, const char* pictures) {
    if (is_given(given, name))
      sentences.push_back(quoted_option(name) + ": acts only where " + pictures +
                          " are split off, and none were");
  };
  if (!report.split) acts_only_on_a_split("val_fraction", "validation pictures");
  if (!report.test_split && given_or(given, "test_fraction", "0") != "0")
    acts_only_on_a_split("test_fraction", "test pictures");
  if (!report.split && !report.test_split && !is_given(given, "folds"))
    acts_only_on_a_split("split_seed", "pictures");
  const std::string labels = given_or(given, "labels", "");
  if ((labels == "multi" || labels == "number") && !is_label_table(data.path))
    sentences.emplace_back("`labels`: acts only on a table of labels");
  if (given_or(given, "near", "true") == "false" && is_given(given, "near_distance"))
    sentences.emplace_back("`near_distance`: acts only where pictures that look alike are looked for");
  return sentences;
}

}  // namespace graft
