// graft report RUN...: report.html and the charts of a training, or a page that compares several.
#include "graft/report/report.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/path_kind.h"
#include "cli/verbs.h"
#include "graft/core/error.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::vector<std::string> runs;
  std::string out, pictures;
  bool no_pictures = false;
};

ReportFiles write(const Arguments& arguments) {
  const ReportOptions options{arguments.out, arguments.pictures, !arguments.no_pictures};
  if (arguments.runs.size() == 1) return write_report(RunFolder(arguments.runs.front()), options);
  std::vector<RunFolder> runs;
  for (const std::string& run : arguments.runs) runs.emplace_back(run);
  return write_comparison(runs, options);
}

void report(const Arguments& arguments, Console& console) {
  if (arguments.no_pictures && !arguments.pictures.empty()) {
    throw UsageError("--png", "and --no-png contradict each other");
  }
  for (const std::string& run : arguments.runs) require_run(run);
  const ReportFiles files = write(arguments);
  console.say("wrote " + files.html.string());
  for (const auto& picture : files.pictures) console.say("wrote " + picture.string());
  if (!console.json) return;
  nlohmann::ordered_json json;
  json["runs"] = arguments.runs;
  json["html"] = files.html.string();
  json["pictures"] = nlohmann::ordered_json::array();
  for (const auto& picture : files.pictures) json["pictures"].push_back(picture.string());
  console.result_json(json);
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand(
      "report", "Make a training's report.html and charts again, or compare several trainings");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("RUN", arguments->runs, "run folder; several are compared on one page")->required();
  verb->add_option("--out", arguments->out,
                   "the page [report.html in the run folder; compare.html for several]")
      ->type_name("FILE");
  verb->add_option("--png", arguments->pictures, "where the charts go [the run folder; nowhere for several]")
      ->type_name("FOLDER");
  verb->add_flag("--no-png", arguments->no_pictures, "write the page alone");
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { report(*arguments, context.console); });
}

}  // namespace graft::cli
