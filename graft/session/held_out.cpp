#include "graft/session/held_out.h"

#include <unordered_map>
#include <utility>

#include "graft/core/files.h"
#include "graft/infer/predict.h"
#include "graft/run/config.h"
#include "graft/run/evaluation_record.h"
#include "graft/run/run_tables.h"
#include "graft/session/evaluation_data.h"
#include "graft/task/task.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

std::optional<RunFolder> cross_validated_run(const std::string& model) {
  const auto run = run_of_model(model);
  if (!run || !disk().info(run->evaluation()) || !disk().info(run->outputs())) return std::nullopt;
  return read_evaluation(run->evaluation()).out_of_fold ? run : std::nullopt;
}

std::string place_of_file(const Sample& sample) {
  return sample.source != nullptr ? sample.path : resolved_path(sample.path).string();
}

// Row numbers of predictions_val.csv by the place of the picture.
std::unordered_map<std::string, std::size_t> rows_by_place(const RunConfig& config,
                                                           const std::vector<PredictionRow>& rows) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i)
    places.emplace(
        config.own_data ? rows[i].path : resolved_path(picture_path(config, rows[i].path)).string(), i);
  return places;
}

}  // namespace

std::optional<HeldOutOutputs> out_of_fold_outputs(const std::string& model, const Folder& data) {
  const auto run = cross_validated_run(model);
  if (!run) return std::nullopt;
  const RunConfig config = read_config(run->config());
  if (read_classes(run->classes_file(), config.classes) != data.classes || config.labels != data.kind())
    return std::nullopt;
  const std::vector<PredictionRow> rows = read_predictions(run->predictions_csv());
  const std::vector<float> outputs = read_outputs(run->outputs(), rows.size());
  const auto places = rows_by_place(config, rows);
  HeldOutOutputs result{{}, {}, "the out-of-fold predictions of " + run->path().string()};
  const std::size_t width = data.classes.size();
  for (std::size_t i = 0; i < data.samples.size(); ++i) {
    const auto found = places.find(place_of_file(data.samples[i]));
    if (found == places.end()) continue;
    const auto row = outputs.begin() + static_cast<std::ptrdiff_t>(found->second * width);
    result.pictures.push_back(static_cast<std::uint32_t>(i));
    result.outputs.insert(result.outputs.end(), row, row + static_cast<std::ptrdiff_t>(width));
  }
  const bool are_most = 2 * result.pictures.size() > data.samples.size();
  return are_most ? std::optional(std::move(result)) : std::nullopt;
}

HeldOutOutputs probe_outputs(const Model& model, const Folder& data, const FeatureSet& features,
                             std::uint64_t seed) {
  const auto task = make_task(task_spec_of(data));
  const torch::Tensor outputs = cross_validate_probe(*task, task->target_table(data), {features, {}},
                                                     static_cast<std::int64_t>(data.classes.size()),
                                                     /*with_bias=*/true, seed)
                                    .outputs;
  return {features.indices, floats_of(outputs),
          "heads fitted to the features of " + model.architecture + ", each without a fifth of the pictures"};
}

}  // namespace graft
