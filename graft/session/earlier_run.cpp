#include "graft/session/earlier_run.h"

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/model_metadata.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/known_pictures.h"
#include "graft/session/path_kind.h"

namespace graft {
namespace {

void set_given(RunRecord& run, const std::string& name, const std::string& value) {
  std::erase_if(run.given, [&](const auto& option) { return option.first == name; });
  run.given.emplace_back(name, value);
}

}  // namespace

void start_from(RunRecord& run, const std::string& from) {
  if (is_given(run.given, "weights"))
    throw UsageError("`weights`", "and `from` exclude each other", "leave one of them out");
  require_model(from);
  const StateDict state = read_model_file(from);
  const auto stated = state.metadata.find("architecture");
  if (!is_model_file(state) || stated == state.metadata.end())
    throw UsageError("`from`", from + " is not a model of graft, which names its classes",
                     "use `model` and `weights`");
  const std::string& architecture = stated->second;
  if (is_given(run.given, "model") && run.recipe.model != architecture)
    throw UsageError("`model`",
                     run.recipe.model + " is not the network of " + from + ", which is " + architecture,
                     "leave it out");
  run.recipe.model = architecture;
  run.recipe.weights = from;
  run.recipe.extend_head = true;
  set_given(run, "model", architecture);
  set_given(run, "weights", from);
  set_given(run, "extend_head", "true");
  check_recipe(run.recipe);
}

std::optional<std::string> seen_pictures_warning(const std::string& path, const Recipe& recipe,
                                                 const TrainingData& data) {
  if (path.empty() || !disk().info(path)) return std::nullopt;
  const auto run = run_of_model(path);
  const auto earlier = run ? parts_of_run(*run) : std::nullopt;
  if (!earlier) return std::nullopt;
  KnownPictures known;
  known.add(earlier->train.samples);
  std::size_t seen = known.count(data.test.samples) + known.count(data.val.samples);
  if (trains_folds(recipe)) seen += known.count(data.train.samples);
  if (seen == 0) return std::nullopt;
  // Of folds the same sentence for each, which is said once.
  return "the run of " + path + " was trained on " + (data.folded ? "pictures" : counted(seen, "picture")) +
         " that measure this one: its metrics are optimistic; keep val/ and test/ apart from the training "
         "pictures of both";
}

}  // namespace graft
