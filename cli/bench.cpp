// graft bench DATA: this machine's own figures.
#include <algorithm>
#include <utility>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/bench.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data;
  std::vector<std::string> rows;
  GivenOptions given;
};

void print_line(const BenchRow& row, Console& console) {
  std::string line = format("%-16s", row.name.c_str());
  for (const BenchPass& pass : row.passes)
    line += format("%11.1f", static_cast<double>(pass.images) / std::max(pass.seconds, 1e-9));
  console.result(line + "   " + row.what);
}

// Its rows are set beside those of other programs for the tutorial's scenarios (docs/speed.md), so that
// fine-tuning is what it measures.
constexpr const char* bench_preset = "finetune";

Recipe bench_recipe(const std::string& preset_name) {
  Recipe recipe = preset(preset_name);
  recipe.epochs = 3;
  recipe.weights = "none";  // no row depends on them
  return recipe;
}

void bench(const Arguments& arguments, Console& console) {
  bool first = true;
  run_bench(
      {arguments.data, arguments.rows, recipe_of(arguments.given, bench_preset, bench_recipe),
       arguments.given},
      [&](const BenchRow& row) {
        if (console.json) return console.result(to_json(row));
        if (std::exchange(first, false)) console.say("images/s of each pass, on " + row.device);
        print_line(row, console);
      },
      console.observer());
}

}  // namespace

void add_bench(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "bench",
                                    "Measure this machine: images a second in each part of the work", bench);
  verb.add_option("DATA", arguments.data, "folder of pictures, as for train")->required();
  verb.add_option("--rows", arguments.rows, "which to measure, with commas [all]")
      ->delimiter(',')
      ->type_name(braces(bench_rows()) + ",...");
  bind_recipe(verb, bench_preset, arguments.given, {}, bench_recipe);
  verb.add_flag("--json", console.json, "print one JSON object a row on standard output");
}

}  // namespace graft::cli
