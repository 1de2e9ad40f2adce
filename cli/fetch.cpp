// graft fetch NAME...: weights into the torch hub cache, data sets into a folder.
#include <algorithm>
#include <memory>

#include "cli/bind_options.h"
#include "cli/data_sets.h"
#include "cli/model_argument.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/load.h"
#include "graft/net/archive.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::vector<std::string> names;
  std::string to = "data";
};

constexpr ModelWords model_words = {"", "graft train DATA --weights FILE"};

// The folders of `path` that are not there, the innermost first.
std::vector<std::filesystem::path> missing_folders(std::filesystem::path path) {
  std::vector<std::filesystem::path> missing;
  for (; !path.empty() && !disk().info(path); path = path.parent_path()) missing.push_back(path);
  return missing;
}

// An archive that is there in part stays: the next try goes on from it.
void remove_empty(const std::vector<std::filesystem::path>& folders) {
  for (const auto& folder : folders) {
    if (!disk().info(folder)) continue;
    if (!disk().list(folder).empty()) return;
    disk().remove(folder);
  }
}

void fetch_data_set(const DataSetSpec& spec, const std::filesystem::path& to, Console& console) {
  const std::filesystem::path folder = to / spec.folder;
  if (disk().info(folder)) return console.say(spec.name + " is in " + folder.string() + " already");
  const auto progress = [&](const Progress& p) { console.progress(p); };
  const auto made = missing_folders(to);
  const auto archive = [&] {
    try {
      return fetch(spec.archive, to, progress);
    } catch (const Error&) {
      remove_empty(made);
      throw;
    }
  }();
  // Unpacked aside and moved into place when whole: a folder of that name is always all of it.
  const std::filesystem::path aside = to / (spec.folder + ".unpacking");
  unpack_zip(archive, aside, {}, progress);
  disk().rename(aside / spec.folder, folder);
  disk().remove(aside);
  disk().remove(archive);
  console.say(spec.name + " is in " + folder.string());
}

void fetch_weights(const ModelSpec& spec, Console& console) {
  if (!spec.weights)
    throw Error(spec.name, "has no weights that can be fetched by name",
                std::string("give a file of weights to a training: ") + model_words.weights);
  try {
    const auto path = fetch_default_weights(spec, [&](const Progress& p) { console.progress(p); });
    console.say(spec.name + " is in " + path.string());
  } catch (const Error& error) {
    rethrow_in_words(error, model_words);
  }
}

std::vector<std::string> known_names() {
  std::vector<std::string> known;
  for (const DataSetSpec& spec : data_sets()) known.push_back(spec.name);
  for (const ModelSpec& spec : model_registry()) known.push_back(spec.name);
  return known;
}

// For completion: what can be downloaded.
std::vector<std::string> names_with_address() {
  std::vector<std::string> names;
  for (const DataSetSpec& spec : data_sets()) names.push_back(spec.name);
  for (const ModelSpec& spec : model_registry()) {
    if (spec.weights && !spec.weights->download.url.empty()) names.push_back(spec.name);
  }
  return names;
}

void fetch_names(const Arguments& arguments, Console& console) {
  const std::vector<std::string> known = known_names();
  for (const std::string& name : arguments.names) {  // all names are checked before the first download
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw UsageError(name, "is neither a data set nor a model", did_you_mean(name, known));
    }
  }
  for (const std::string& name : arguments.names) {
    const auto set =
        std::find_if(data_sets().begin(), data_sets().end(), [&](const auto& s) { return s.name == name; });
    if (set != data_sets().end()) {
      fetch_data_set(*set, arguments.to, console);
    } else {
      fetch_weights(find_model(name), console);
    }
  }
}

}  // namespace

void add_fetch(CLI::App& app, Context& context) {
  CLI::App* verb =
      app.add_subcommand("fetch", "Download weights (a model's name) or a data set (hymenoptera)");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("NAME", arguments->names, "hymenoptera, or names that graft models lists")
      ->required()
      ->type_name(braces(names_with_address()));
  verb->add_option("--to", arguments->to, "where data sets go")->type_name("FOLDER")->capture_default_str();
  verb->callback([arguments, &context] { fetch_names(*arguments, context.console); });
}

}  // namespace graft::cli
