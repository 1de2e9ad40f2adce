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

}  // namespace

std::string to_text(const CheckReport& report, bool all, const WordFor& word_for) {
  std::string text;
  for (const Finding& finding : report.findings) text += text_of(finding, report, all, word_for);
  const bool number = report.labels == LabelKind::number;
  const std::string labels = !number                  ? counted(report.classes.size(), "class")
                             : report.classes.empty() ? "a number"
                                                      : "the number " + report.classes.front();
  return text +
         escaped_line(counted(report.train, "training picture") + " and " +
                      std::to_string(report.pictures.size() - report.train) + " to validate on" +
                      (report.split ? " (split off)" : "") + ", " + labels + ": " +
                      counted(report.count(Severity::problem), "kind") + " of problem, " +
                      counted(report.count(Severity::note), "kind") + " of note") +
         (report.label_judge.empty() ? "" : escaped_line("labels judged by " + report.label_judge));
}

std::vector<std::string> idle_check_options(const CheckReport& report, const DataSource& data,
                                            const GivenOptions& given) {
  std::vector<std::string> sentences;
  for (const char* name : {"val_fraction", "split_seed"}) {
    if (!report.split && is_given(given, name))
      sentences.push_back(quoted_option(name) +
                          ": acts only where validation pictures are split off, and none were");
  }
  const std::string labels = given_or(given, "labels", "");
  if ((labels == "multi" || labels == "number") && !is_label_table(data.path))
    sentences.emplace_back("`labels`: acts only on a table of labels");
  if (given_or(given, "near", "true") == "false" && is_given(given, "near_distance"))
    sentences.emplace_back("`near_distance`: acts only where pictures that look alike are looked for");
  return sentences;
}

}  // namespace graft
