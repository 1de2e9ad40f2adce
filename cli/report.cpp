// graft report RUN...: report.html and the charts of a run, or a page that compares several.
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/session/result_texts.h"
#include "graft/session/run.h"

namespace graft::cli {
namespace {

struct ReportArguments {
  std::vector<std::string> runs;
  std::string out, pictures;
  bool no_pictures = false, overwrite = false;
};

void report(const ReportArguments& arguments, Console& console) {
  if (arguments.pictures == "-")
    throw UsageError("--png", "is a folder of several charts, which cannot go to standard output",
                     "name a folder");
  const bool several = arguments.runs.size() > 1;
  Outputs outputs(console, arguments.overwrite, console.json ? "json" : "");
  outputs.add("out", several && arguments.out.empty() ? "compare.html" : arguments.out, OutputType::page);
  const ReportFiles files =
      report_runs({arguments.runs, arguments.pictures, !arguments.no_pictures}, outputs);
  console.observer().warn(files.warnings);
  if (!files.html.empty()) console.say("wrote " + files.html.string());
  for (const auto& picture : files.pictures) console.say("wrote " + picture.string());
  for (const std::string& finding : files.findings) console.say(finding);
  if (console.json) console.result(to_json(files, arguments.runs));
}

}  // namespace

void add_report(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(
      app, console, "report", "Write a run's report.html and charts again, or compare several runs", report);
  verb.add_option("RUN", arguments.runs, "run folder; several are compared on one page")->required();
  verb.add_option("--out", arguments.out,
                  "the page [report.html in the run folder; compare.html for several]")
      ->type_name("FILE");
  CLI::Option* png =
      verb.add_option("--png", arguments.pictures,
                      "where the charts go [the run folder, if it can be written; nowhere for several]")
          ->type_name("FOLDER");
  verb.add_flag("--no-png", arguments.no_pictures, "write the page alone")->excludes(png);
  verb.add_flag("--overwrite", arguments.overwrite, "let --out and --png replace files of another kind");
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
}

}  // namespace graft::cli
