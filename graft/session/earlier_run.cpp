#include "graft/session/earlier_run.h"

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/model_metadata.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/path_kind.h"
#include "graft/session/seen_pictures.h"

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
  if (searches(run.recipe))
    throw UsageError("`preset`", "auto chooses the network, and `from` has one", "use another preset");
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

std::vector<bool> seen_by_runs(const std::vector<std::string>& models, const DataSource& data,
                               const Folder& pictures, EvaluationPart part) {
  std::vector<bool> seen(pictures.samples.size(), false);
  for (const std::string& model : models) {
    const std::vector<bool> by_place = seen_by_weights(model, data, {pictures, part});
    const auto run = model.empty() || !disk().info(model) ? std::nullopt : run_of_model(model);
    const auto earlier = run ? parts_of_run(*run) : std::nullopt;
    SeenPictures by_bytes;
    if (earlier) by_bytes.add(earlier->train.samples);
    for (std::size_t i = 0; i < seen.size(); ++i)
      seen[i] = seen[i] || by_place[i] || by_bytes.has(pictures.samples[i]);
  }
  return seen;
}

}  // namespace graft
