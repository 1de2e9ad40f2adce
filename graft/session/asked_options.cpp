#include "graft/session/asked_options.h"

#include "graft/core/files.h"
#include "graft/run/run.h"

namespace graft {

std::vector<FileOption> options_of_file(const std::filesystem::path& config,
                                        const std::vector<std::string>& elsewhere) {
  if (config.empty()) return {};
  Recipe known;
  const RunFolder run(config);
  const bool is_run = disk().info(run.config()).has_value();
  return read_options(is_run ? run.config() : config, options_in(known, recipe_options), elsewhere);
}

AskedOptions asked_options(const std::vector<FileOption>& of_file, const GivenOptions& given) {
  Recipe known;
  const bool has_all = of_file.size() == options_in(known, recipe_options).size();
  if (has_all && is_given(given, "preset"))
    throw UsageError("`preset`", "has no effect with a `config` that gives every option, as a run's does",
                     "leave one of the two out");
  GivenOptions all;
  for (const FileOption& option : of_file) all.emplace_back(option.name, option.value);
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

}  // namespace graft
