// graft check DATA: problems in a data set.
#include "graft/check/check.h"
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

struct CheckArguments {
  std::string data;
  bool all = false;
  GivenOptions given;
};

void check(const CheckArguments& arguments, Console& console) {
  require_data(arguments.data);
  const Observer observer = console.observer();
  const CheckReport report = check_data_set(
      arguments.data, options_from<CheckOptions>(check_options, arguments.given), observer.progress);
  observer.warn(idle_check_options(report, arguments.data, arguments.given));
  console.json ? console.result(to_json(report, flag_of))
               : console.result_lines(to_text(report, arguments.all, flag_of));
  if (report.count(Severity::problem) > 0) console.exit_code = 1;
}

}  // namespace

void add_check(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "check", "Find problems in a data set before training", check);
  verb.add_option("DATA", arguments.data, "folder or table of labels (.csv), as for train")->required();
  verb.add_flag("--all", arguments.all, "show all pictures and files of a finding, not the first few");
  bind_options<CheckOptions>(verb, console, check_options, arguments.given);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  verb.footer("Exits with 0 when there are only notes, with 1 when there is a problem.");
}

}  // namespace graft::cli
