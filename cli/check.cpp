// graft check DATA: problems in a data set.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/check/check.h"
#include "graft/core/text.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

constexpr std::size_t first_items = 5;  // shown of a finding

struct Arguments {
  std::string data;
  bool all = false;
  GivenOptions given;
};

const char* name_of(Severity severity) { return severity == Severity::problem ? "problem" : "note"; }

std::vector<std::string> paths_of(const FindingItem& item, const CheckReport& report) {
  std::vector<std::string> paths;
  for (const std::uint32_t picture : item.pictures) paths.push_back(report.pictures[picture].path);
  if (!item.file.empty()) paths.push_back(item.file);
  return paths;
}

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
  char line[64];
  std::snprintf(line, sizeof line, "%-7s %6zu  ", name_of(finding.severity), finding.items.size());
  console.result(line + std::string(finding.what) + " (" + finding.name + ")");
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

nlohmann::ordered_json json_of(const Finding& finding, const CheckReport& report, const Console& console) {
  nlohmann::ordered_json json = {{"name", finding.name},
                                 {"severity", name_of(finding.severity)},
                                 {"count", finding.items.size()},
                                 {"what", finding.what},
                                 {"advice", console.in_words(finding.advice)},
                                 {"items", nlohmann::ordered_json::array()}};
  for (const FindingItem& item : finding.items) {
    json["items"].push_back({{"paths", paths_of(item, report)}, {"detail", console.in_words(item.detail)}});
  }
  return json;
}

void print_json(const CheckReport& report, Console& console) {
  nlohmann::ordered_json json = {{"classes", report.classes},
                                 {"labels", to_string(report.labels)},
                                 {"train", report.train},
                                 {"val", report.pictures.size() - report.train},
                                 {"val_split_off", report.split},
                                 {"problems", report.count(Severity::problem)},
                                 {"notes", report.count(Severity::note)},
                                 {"findings", nlohmann::ordered_json::array()}};
  for (const Finding& finding : report.findings)
    json["findings"].push_back(json_of(finding, report, console));
  console.result_json(json);
}

void check(const Arguments& arguments, Context& context) {
  require_data(arguments.data);
  CheckOptions options;
  apply_options(options_in(options, check_options), arguments.given);
  const CheckReport report =
      check_data_set(arguments.data, options, [&](const Progress& p) { context.console.progress(p); });
  for (const char* name : {"val_fraction", "split_seed"}) {
    if (report.split || !is_given(arguments.given, name)) continue;
    context.console.warn("warning: " + flag_of(name) +
                         ": acts only where validation pictures are split off, and none were");
  }
  if (!options.near && is_given(arguments.given, "near_distance"))
    context.console.warn("warning: --near-distance: acts only with --near");
  if (context.console.json) {
    print_json(report, context.console);
  } else {
    print_table(report, arguments.all, context.console);
  }
  if (report.count(Severity::problem) > 0) context.exit_code = 1;
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("check", "Find problems in a data set before training");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("DATA", arguments->data, "folder or table of labels (.csv), as for train")->required();
  verb->add_flag("--all", arguments->all, "show all pictures and files of a finding, not the first few");
  static CheckOptions defaults;
  bind_options(*verb, options_in(defaults, check_options), arguments->given);
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->footer("Exits with 0 when there are only notes, with 1 when there is a problem.");
  verb->callback([arguments, &context] { check(*arguments, context); });
}

}  // namespace graft::cli
