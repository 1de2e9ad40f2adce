// The verbs of the program. Each function declares the arguments of one; the work is done after parsing.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/console.h"

namespace graft::cli {

using AddVerb = void(CLI::App& app, Console& console);
AddVerb add_bench, add_check, add_compare, add_completion, add_eval, add_export, add_fetch, add_find_lr,
    add_embed, add_help, add_info, add_label_next, add_man, add_models, add_predict, add_report, add_serve,
    add_show, add_similar, add_train, add_version;

// Adds a verb with arguments of type Arguments; `act` runs after parsing.
template <class Arguments>
std::pair<CLI::App&, Arguments&> add_verb(CLI::App& app, Console& console, const std::string& name,
                                          const std::string& help, void (*act)(const Arguments&, Console&)) {
  CLI::App* verb = app.add_subcommand(name, help);
  const auto arguments = std::make_shared<Arguments>();
  verb->callback([arguments, act, &console] { act(*arguments, console); });
  return {*verb, *arguments};
}

// The verbs that were added, in order, and their names; and the one of a name, or null.
std::vector<const CLI::App*> verbs_of(const CLI::App& app);
std::vector<std::string> verb_names(const CLI::App& app);
const CLI::App* verb_named(const CLI::App& app, const std::string& name);

}  // namespace graft::cli
