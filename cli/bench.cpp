// graft bench DATA: the speed of this machine in each part of the work.
#include "graft/session/bench.h"

#include <utility>

#include "cli/bind_options.h"
#include "cli/verbs.h"

namespace graft::cli {
namespace {

struct BenchArguments {
  std::string data;
  std::vector<std::string> rows;
  GivenOptions given;
};

void bench(const BenchArguments& arguments, Console& console) {
  bool first = true;
  run_bench(
      {arguments.data, arguments.rows, recipe_of(arguments.given, bench_preset, bench_recipe),
       arguments.given},
      [&](const BenchRow& row) {
        if (console.json) return console.result(to_json(row));
        if (std::exchange(first, false)) console.say("images/s of each pass, on " + row.device);
        console.result_lines(to_text(row));
      },
      console.observer());
}

}  // namespace

void add_bench(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "bench",
                                    "Measure this machine: images a second in each part of the work", bench);
  verb.add_option("DATA", arguments.data, "folder of pictures, as for train")->required();
  add_list(verb, "--rows", arguments.rows, "which to measure, with commas [all]", bench_rows());
  bind_recipe(verb, console, bench_preset, arguments.given, {}, bench_recipe);
  verb.add_flag("--json", console.json, "print one JSON object a row on standard output");
}

}  // namespace graft::cli
