// The verbs of the program. Each function declares its verb's arguments; the work is done after parsing, by
// the callback that CLI11 runs. What the process should exit with goes into `context.exit_code`.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "cli/console.h"

namespace graft::cli {

struct Context {
  Console console;
  int exit_code = 0;
};

void add_check(CLI::App& app, Context& context);
void add_train(CLI::App& app, Context& context);
void add_eval(CLI::App& app, Context& context);
void add_predict(CLI::App& app, Context& context);
void add_show(CLI::App& app, Context& context);
void add_report(CLI::App& app, Context& context);
void add_export(CLI::App& app, Context& context);
void add_models(CLI::App& app, Context& context);
void add_fetch(CLI::App& app, Context& context);
void add_bench(CLI::App& app, Context& context);
void add_find_lr(CLI::App& app, Context& context);
void add_compare(CLI::App& app, Context& context);
void add_completion(CLI::App& app, Context& context);
void add_man(CLI::App& app, Context& context);
void add_info(CLI::App& app, Context& context);
void add_help(CLI::App& app, Context& context);
void add_version(CLI::App& app, Context& context);

// The names of the verbs that were added, in order.
std::vector<std::string> verb_names(const CLI::App& app);

}  // namespace graft::cli
