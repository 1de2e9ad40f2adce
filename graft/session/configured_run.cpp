// Run::create_from: options out of a file.
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/options_file.h"
#include "graft/session/run.h"

namespace graft {
namespace {

std::vector<FileOption> options_of_file(const std::filesystem::path& config, Recipe& known) {
  const RunFolder run(config);
  const bool is_run = disk().info(run.config()).has_value();
  return read_options(is_run ? run.config() : config, options_in(known, recipe_options));
}

}  // namespace

Run Run::create_from(const std::filesystem::path& config, const std::filesystem::path& folder,
                     TrainRequest request, RunObserver observer) {
  Recipe known;
  const std::vector<FileOption> of_file = options_of_file(config, known);
  // A run's own file gives every option, which says nothing of those that somebody chose.
  const bool has_all = of_file.size() == options_in(known, recipe_options).size();
  const GivenOptions over_file = request.given;
  if (has_all && is_given(over_file, "preset"))
    throw UsageError("`preset`", "cannot act beside a `config` that gives every option, as a run's does",
                     "leave one of the two out");
  GivenOptions asked;
  for (const FileOption& option : of_file) asked.emplace_back(option.name, option.value);
  asked.insert(asked.end(), over_file.begin(), over_file.end());
  if (!has_all) request.given = asked;
  try {
    request.recipe = recipe_of(asked);
    return create(folder, request, std::move(observer));
  } catch (const UsageError& error) {
    for (const FileOption& option : of_file) {
      if (error.where() == quoted_option(option.name) && !is_given(over_file, option.name))
        throw UsageError(option.place + ": " + error.where(), error.problem(), error.advice());
    }
    throw;
  }
}

}  // namespace graft
