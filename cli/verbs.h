// The verbs of the program. Each function declares its verb's arguments; the work is done after parsing.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/console.h"

namespace graft::cli {

void add_check(CLI::App& app, Console& console);
void add_train(CLI::App& app, Console& console);
void add_eval(CLI::App& app, Console& console);
void add_predict(CLI::App& app, Console& console);
void add_show(CLI::App& app, Console& console);
void add_report(CLI::App& app, Console& console);
void add_export(CLI::App& app, Console& console);
void add_models(CLI::App& app, Console& console);
void add_fetch(CLI::App& app, Console& console);
void add_bench(CLI::App& app, Console& console);
void add_find_lr(CLI::App& app, Console& console);
void add_compare(CLI::App& app, Console& console);
void add_completion(CLI::App& app, Console& console);
void add_man(CLI::App& app, Console& console);
void add_info(CLI::App& app, Console& console);
void add_help(CLI::App& app, Console& console);
void add_version(CLI::App& app, Console& console);

// Adds a verb whose arguments are an Arguments; `act` does its work when they have been parsed.
template <class Arguments>
std::pair<CLI::App&, Arguments&> add_verb(CLI::App& app, Console& console, const std::string& name,
                                          const std::string& help, void (*act)(const Arguments&, Console&)) {
  CLI::App* verb = app.add_subcommand(name, help);
  const auto arguments = std::make_shared<Arguments>();
  verb->callback([arguments, act, &console] { act(*arguments, console); });
  return {*verb, *arguments};
}

// The verbs that were added, in order, and their names.
std::vector<const CLI::App*> verbs_of(const CLI::App& app);
std::vector<std::string> verb_names(const CLI::App& app);

}  // namespace graft::cli
