// graft help [VERB] and graft version: what --help and --version print.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft::cli {

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

namespace {

void check_verb(const CLI::App& app, const std::string& name) {
  const std::vector<std::string> names = verb_names(app);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string nearest = did_you_mean(name, names);
  throw UsageError(name, "is no verb of graft",
                   nearest.empty() ? "the verbs are " + join(names, ", ") : nearest);
}

}  // namespace

void add_help(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("help", "Print the help of the program or of a verb");
  const auto of = std::make_shared<std::string>();
  CLI::Option* which = verb->add_option("VERB", *of, "whose help; the program's where it is left out");
  which->type_name_fn([&app] { return braces(verb_names(app)); });
  verb->callback([&app, of, &context] {
    if (!of->empty()) check_verb(app, *of);
    // app.help() would be that of the verb at work, which is this one.
    const CLI::App* whose = of->empty() ? &app : app.get_subcommand(*of);
    const std::string name = of->empty() ? app.get_name() : app.get_name() + " " + *of;
    context.console.text(app.get_formatter()->make_help(whose, name, CLI::AppFormatMode::Normal));
  });
}

void add_version(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("version", "Print the version");
  verb->callback([&app, &context] { context.console.result(app.version()); });
}

}  // namespace graft::cli
