// graft report RUN...: report.html and the charts of a training, or a page that compares several.
#include "graft/report/report.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/config.h"
#include "graft/run/run_tables.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::vector<std::string> runs;
  std::string out, pictures;
  bool no_pictures = false, overwrite = false;
};

// Those that the charts have: the page's own text is drawn by the browser.
void warn_of_class_fonts(const RunFolder& run, Console& console) {
  if (disk().info(run.classes_file()))
    console.observer().warn(font_warnings(read_classes(run.classes_file())));
}

// All that one run, or several, may have.
std::vector<std::string> charts_of(const Arguments& arguments) {
  return arguments.runs.size() == 1 ? std::vector<std::string>(chart_names.begin(), chart_names.end())
                                    : compared_chart_names();
}

void check(Outputs& outputs, const Arguments& arguments, bool json) {
  const bool one = arguments.runs.size() == 1;
  outputs.add("--out", arguments.out, OutputType::page);
  if (!arguments.pictures.empty()) {
    for (const std::string& chart : charts_of(arguments))
      outputs.add("--png", (std::filesystem::path(arguments.pictures) / chart).string(), OutputType::picture);
  }
  if (one) outputs.owns(arguments.runs.front());
  for (const std::string& run : arguments.runs) {
    const RunFolder folder(run);
    outputs.keeps_out_of(data_of_run(run));
    outputs.reads({folder.config().string(), folder.history().string(), folder.predictions_csv().string()});
  }
  outputs.check(json ? "--json" : "");
}

ReportFiles write(const Arguments& arguments, Console& console) {
  std::vector<RunFolder> runs;
  for (const std::string& run : arguments.runs) runs.emplace_back(run);
  for (const RunFolder& run : runs) read_config(run.config());  // before a folder is made for what is none
  Outputs outputs(console, arguments.overwrite);
  check(outputs, arguments, console.json);
  const ReportOptions options{arguments.out, arguments.pictures, !arguments.no_pictures,
                              arguments.out.empty()};
  const ReportFiles files =
      runs.size() == 1 ? write_report(runs.front(), options) : write_comparison(runs, options);
  if (outputs.has("--out")) outputs.write("--out", report_page(runs));
  return files;
}

void report(const Arguments& arguments, Console& console) {
  if (arguments.no_pictures && !arguments.pictures.empty()) {
    throw UsageError("--png", "and --no-png contradict each other");
  }
  if (arguments.pictures == "-")
    throw UsageError("--png", "is a folder of several charts, which cannot go to standard output",
                     "name a folder");
  for (const std::string& run : arguments.runs) require_run(run);
  const ReportFiles files = write(arguments, console);
  console.observer().warn(files.warnings);
  if (arguments.runs.size() == 1 && !files.pictures.empty())
    warn_of_class_fonts(RunFolder(arguments.runs.front()), console);
  if (arguments.out != "-") console.say("wrote " + files.html.string());
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
  verb->add_option("--png", arguments->pictures,
                   "where the charts go [the run folder, if it can be written; nowhere for several]")
      ->type_name("FOLDER");
  verb->add_flag("--no-png", arguments->no_pictures, "write the page alone");
  verb->add_flag("--overwrite", arguments->overwrite, "let --out and --png replace files of another kind");
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] {
    if (arguments->runs.size() > 1 && arguments->out.empty()) arguments->out = "compare.html";
    report(*arguments, context.console);
  });
}

}  // namespace graft::cli
