// graft eval MODEL [DATA]: the metrics of a model on labelled pictures.
#include "cli/bind_options.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

struct EvalArguments {
  std::string model, data, report, csv;
  bool overwrite = false;
  EvaluationPart split = EvaluationPart::automatic;
  GivenOptions given;
};

void eval(const EvalArguments& arguments, Console& console) {
  console.words = {{"model", "graft train DATA --head-start file --model"}};  // makes a model of weights
  require_model_before("eval", arguments.model, arguments.data);
  const AskedPrediction asked = asked_prediction(arguments.given);
  Outputs outputs(console, arguments.overwrite, console.json ? "json" : "");
  outputs.add("report", arguments.report, OutputType::page);
  outputs.add("csv", arguments.csv, OutputType::table, {eval_rows_header});
  const EvaluationReport report =
      evaluate_to_files({arguments.model, arguments.data, arguments.split, asked.loader, asked.max_pixels,
                         asked.preprocess, asked.tta, asked.device, asked.threads},
                        outputs, console.observer());
  if (!report.words.empty()) {
    const char* part = EnumNames<EvaluationPart>::names[static_cast<std::size_t>(report.part)];
    console.say(std::string("split    ") + part + ": " + console.in_words(report.words));
  }
  console.json ? console.result(to_json(report)) : console.result_lines(to_text(report));
  outputs.say_written("report");
  outputs.say_written("csv");
}

}  // namespace

void add_eval(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "eval", "Measure a model on labelled pictures", eval);
  verb.add_option("MODEL", arguments.model, "run folder or model file")->required();
  verb.add_option("DATA", arguments.data,
                  "folder with a folder for each class, or one holding val/; or a table of labels (.csv) "
                  "[the data of the run that MODEL is]");
  add_value(verb, "split", arguments.split,
            "which part is measured; auto: of a run's own data the pictures that it held out, else val where "
            "there is one, else all")
      ->default_str("auto");
  bind_options<Recipe>(verb, console, recipe_options, arguments.given,
                       {"batch_size", "workers", "prefetch", "fit", "skip_bad", "exif", "alpha", "max_pixels",
                        "decode", "device", "threads"});
  for (const char* own : {"--fit", "--alpha", "--decode"}) verb.get_option(own)->default_str("the model's");
  verb.add_option("--report", arguments.report,
                  "write a page with the sections of a run's report: confusion matrix, classes, mistakes")
      ->type_name("FILE");
  verb.add_option("--csv", arguments.csv,
                  "write a table: path,label,prediction,probability,loss; - is standard output")
      ->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite, "let --report and --csv replace files of another kind");
  bind_options<TestTimeOptions>(verb, console, test_time_options, arguments.given);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
}

}  // namespace graft::cli
