// graft fetch NAME...: weights into the torch hub cache, data sets into a folder.
#include "graft/session/model_files.h"

#include <algorithm>

#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/session/path_kind.h"

namespace graft::cli {
namespace {

struct FetchArguments {
  std::vector<std::string> names;
  std::string to;  // empty: data
};

void fetch(const FetchArguments& arguments, Console& console) {
  console.words = {{"model", "model"}, {"weights", "graft train --weights FILE"}};
  for (const std::string& name : arguments.names) check_fetchable(name);  // before the first download
  if (!arguments.to.empty() && std::all_of(arguments.names.begin(), arguments.names.end(), is_network_name))
    throw UsageError("--to", "is where data sets go, and none is named; weights go to the hub cache",
                     "leave it out");
  for (const std::string& name : arguments.names) {
    const Fetched fetched =
        fetch_by_name(name, arguments.to.empty() ? "data" : arguments.to, console.observer().progress);
    console.say(name + " is in " + fetched.path.string() + (fetched.was_there ? " already" : ""));
  }
}

}  // namespace

void add_fetch(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "fetch", "Download weights or a data set", fetch);
  verb.add_option("NAME", arguments.names, "hymenoptera, a network's name, or hf-hub:OWNER/NAME")
      ->required()
      ->type_name(braces(fetchable_names(true)) + "|hf-hub:OWNER/NAME");
  verb.add_option("--to", arguments.to, "where data sets go")->type_name("FOLDER")->default_str("data");
}

}  // namespace graft::cli
