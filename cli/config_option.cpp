#include "cli/config_option.h"

#include <algorithm>
#include <filesystem>

#include "graft/core/files.h"
#include "graft/run/run.h"

namespace graft::cli {
namespace {

std::vector<std::string> recipe_names() {
  Recipe known;
  std::vector<std::string> names;
  for (const OptionRef& option : options_in(known, recipe_options)) names.push_back(option.name);
  return names;
}

}  // namespace

void ConfigOption::bind(CLI::App& verb, ConfigOption& config) {
  verb.add_option("--config", config.file,
                  "take options from a JSON file or from a run's config.json; flags override it")
      ->type_name("FILE|RUN");
  const std::vector<std::string> known = recipe_names();
  for (const CLI::Option* option : verb.get_options()) {
    for (std::string name : option->get_lnames()) {
      std::replace(name.begin(), name.end(), '-', '_');
      if (std::find(known.begin(), known.end(), name) == known.end()) config.elsewhere.push_back(name);
    }
  }
  config.elsewhere.emplace_back("data");
}

std::vector<FileOption> options_of_file(const ConfigOption& config) {
  if (config.file.empty()) return {};
  Recipe known;
  const RunFolder run(config.file);
  const bool is_run = disk().info(run.config()).has_value();
  return read_options(is_run ? run.config() : std::filesystem::path(config.file),
                      options_in(known, recipe_options), config.elsewhere);
}

AskedOptions asked_options(const std::vector<FileOption>& of_file, const GivenOptions& given) {
  GivenOptions all;
  for (const FileOption& option : of_file) all.emplace_back(option.name, option.value);
  const bool has_all = all.size() == recipe_names().size();
  if (has_all && is_given(given, "preset"))
    throw UsageError("--preset", "cannot act beside a --config that gives every option, as a run's does",
                     "leave one of the two out");
  all.insert(all.end(), given.begin(), given.end());
  return {recipe_of(all), has_all ? given : all};
}

void rethrow_with_place(const UsageError& error, const std::vector<FileOption>& of_file,
                        const GivenOptions& given) {
  for (const FileOption& option : of_file) {
    if (error.where() == quoted_option(option.name) && !is_given(given, option.name))
      throw UsageError(option.place + ": " + error.where(), error.problem(), error.advice());
  }
  throw;
}

}  // namespace graft::cli
