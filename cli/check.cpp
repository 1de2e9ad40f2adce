// graft check DATA: problems in a data set.
#include "graft/check/check.h"
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/text.h"
#include "graft/data/labels.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

constexpr std::size_t first_items = 5;  // shown of a finding

struct Arguments {
  std::string data;
  bool all = false;
  GivenOptions given;
};

// A single picture's line as a training would say it; pictures that belong together one below the other.
void print_item(const FindingItem& item, const CheckReport& report, Console& console) {
  const std::vector<std::string> paths = paths_of(item, report);
  const std::string words = console.in_words(item.detail);
  if (paths.empty()) return console.result("    " + words);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string detail = i + 1 == paths.size() && !words.empty() ? ": " + words : "";
    console.result((i == 0 ? "    " : "      = ") + paths[i] + detail);
  }
}

void print_finding(const Finding& finding, const CheckReport& report, bool all, Console& console) {
  console.result(format("%-7s %6zu  ", name_of(finding.severity), finding.items.size()) + finding.what +
                 " (" + finding.name + ")");
  const std::size_t shown = all ? finding.items.size() : std::min(finding.items.size(), first_items);
  for (std::size_t i = 0; i < shown; ++i) print_item(finding.items[i], report, console);
  if (shown < finding.items.size()) {
    console.result("    … and " + std::to_string(finding.items.size() - shown) + " more (--all)");
  }
  console.result("  → " + console.in_words(finding.advice));
  console.result("");
}

std::string labels_words(const CheckReport& report) {
  if (report.labels == LabelKind::number) return "the number " + report.classes.front();
  return counted(report.classes.size(), "class");
}

void print_table(const CheckReport& report, bool all, Console& console) {
  for (const Finding& finding : report.findings) print_finding(finding, report, all, console);
  const auto problems = static_cast<std::size_t>(report.count(Severity::problem));
  const auto notes = static_cast<std::size_t>(report.count(Severity::note));
  console.result(counted(report.train, "training picture") + " and " +
                 std::to_string(report.pictures.size() - report.train) + " to validate on" +
                 (report.split ? " (split off)" : "") + ", " + labels_words(report) + ": " +
                 counted(problems, "kind") + " of problem, " + counted(notes, "kind") + " of note");
}

void warn_of_idle_options(const CheckReport& report, const std::string& data, const GivenOptions& given,
                          Console& console) {
  for (const char* name : {"val_fraction", "split_seed"}) {
    if (!report.split && is_given(given, name))
      console.warn("warning: " + flag_of(name) +
                   ": acts only where validation pictures are split off, and none were");
  }
  const std::string labels = given_or(given, "labels", "");
  if ((labels == "multi" || labels == "number") && !is_label_table(data))
    console.warn("warning: --labels: acts only on a table of labels");
  if (given_or(given, "near", "true") == "false" && is_given(given, "near_distance"))
    console.warn("warning: --near-distance: acts only with --near");
}

void check(const Arguments& arguments, Console& console) {
  require_data(arguments.data);
  const CheckReport report =
      check_data_set(arguments.data, options_from<CheckOptions>(check_options, arguments.given),
                     console.observer().progress);
  warn_of_idle_options(report, arguments.data, arguments.given, console);
  console.json ? console.result(to_json(report, [](const auto& name) { return flag_of(name); }))
               : print_table(report, arguments.all, console);
  if (report.count(Severity::problem) > 0) console.exit_code = 1;
}

}  // namespace

void add_check(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "check", "Find problems in a data set before training", check);
  verb.add_option("DATA", arguments.data, "folder or table of labels (.csv), as for train")->required();
  verb.add_flag("--all", arguments.all, "show all pictures and files of a finding, not the first few");
  bind_options<CheckOptions>(verb, check_options, arguments.given);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  verb.footer("Exits with 0 when there are only notes, with 1 when there is a problem.");
}

}  // namespace graft::cli
