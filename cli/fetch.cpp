// graft fetch NAME...: weights into the torch hub cache, data sets into a folder.
#include <memory>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/session/fetch.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::vector<std::string> names;
  std::string to = "data";
};

void fetch(const Arguments& arguments, Console& console) {
  console.words = {{"model", "model"}, {"weights", "graft train --weights FILE"}};
  for (const std::string& name : arguments.names) check_fetchable(name);  // before the first download
  for (const std::string& name : arguments.names) {
    const Fetched fetched = fetch_by_name(name, arguments.to, console.observer().progress);
    console.say(name + " is in " + fetched.path.string() + (fetched.was_there ? " already" : ""));
  }
}

}  // namespace

void add_fetch(CLI::App& app, Context& context) {
  CLI::App* verb =
      app.add_subcommand("fetch", "Download weights (a model's name) or a data set (hymenoptera)");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("NAME", arguments->names, "hymenoptera, or names that graft models lists")
      ->required()
      ->type_name(braces(fetchable_names(true)));
  verb->add_option("--to", arguments->to, "where data sets go")->type_name("FOLDER")->capture_default_str();
  verb->callback([arguments, &context] { fetch(*arguments, context.console); });
}

}  // namespace graft::cli
