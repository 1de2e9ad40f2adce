#include "graft/session/folds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/core/stopwatch.h"
#include "graft/data/walk.h"
#include "graft/run/config.h"
#include "graft/run/run_tables.h"
#include "graft/train/idle_options.h"

namespace graft {
namespace {

// Options that do not change what a model of a fold is.
constexpr std::array changeable = {"workers", "prefetch", "cache", "time_limit"};

Recipe recipe_of_fold(const Recipe& recipe, int fold, double spent) {
  Recipe result = recipe;
  result.data.fold = fold;
  // The models share the time that is left, and so does the final one.
  const int left = recipe.data.folds * recipe.data.repeats - fold + 2;
  if (recipe.time_limit > 0) result.time_limit = std::max(1e-3, (recipe.time_limit - spent) / left);
  return result;
}

// Whether the run in the folder has these options.
bool has_options(const RunFolder& folder, Recipe recipe) {
  const ConfigTable recorded = read_config(folder.config()).options;
  for (const OptionRef& option : options_in(recipe, recipe_options)) {
    if (std::find(changeable.begin(), changeable.end(), std::string_view(option.name)) != changeable.end())
      continue;
    const std::string asked = option.text();
    option.set(value_of(recorded, option.name));
    if (option.text() != asked) return false;
  }
  return true;
}

enum class FoldState { missing, stopped, complete };

// A run that is not that of the fold is missing: an earlier run in the folder left it.
FoldState state_of(const RunFolder& folder, const Recipe& recipe, const DataSource& source) {
  if (!disk().info(folder.config())) return FoldState::missing;
  try {
    if (!has_options(folder, recipe)) return FoldState::missing;
    if (completion(folder)) {
      check_data_of(folder, source);
      return disk().info(folder.outputs()) ? FoldState::complete : FoldState::missing;
    }
    return disk().info(folder.checkpoint()) ? FoldState::stopped : FoldState::missing;
  } catch (const Error&) {
    return FoldState::missing;
  }
}

// Of the run of a fold: progress under its name, and each warning once in all.
RunObserver observer_of(const RunObserver& observer, const std::string& name, std::set<std::string>& told) {
  RunObserver of_fold;
  of_fold.stop = observer.stop;
  of_fold.progress = [&observer, name](Progress progress) {
    if (!observer.progress) return;
    progress.what = name + ", " + progress.what;
    observer.progress(progress);
  };
  of_fold.warning = [&observer, &told](const std::string& text) {
    if (told.insert(text).second) observer.warn(text);
  };
  return of_fold;
}

// The distance of a model that measured none.
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// The sums of the outputs and distances for each picture of the run.
class SumOfOutputs {
 public:
  explicit SumOfOutputs(const Folder& pictures)
      : pictures_(pictures), counts_(pictures.samples.size(), 0), distances_(pictures.samples.size(), 0) {
    for (std::size_t i = 0; i < pictures.samples.size(); ++i) places_.emplace(pictures.samples[i].path, i);
  }

  void add(const RunFolder& folder) {
    const std::vector<PredictionRow> rows = read_predictions(folder.predictions_csv());
    const std::vector<float> outputs = read_outputs(folder.outputs(), rows.size());
    const std::vector<float> distances = read_distances(folder.outputs(), rows.size());
    const std::size_t width = rows.empty() ? 0 : outputs.size() / rows.size();
    if (sums_.empty()) {
      width_ = width;
      sums_.resize(counts_.size() * width, 0);
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto place = places_.find(rows[row].path);
      if (place == places_.end() || width != width_)
        throw Error(folder.path().string(), "is not a fold of this run", "remove it");
      ++counts_[place->second];
      for (std::size_t i = 0; i < width; ++i) sums_[place->second * width + i] += outputs[row * width + i];
      distances_[place->second] += distances.empty() ? missing : distances[row];
    }
  }

  Outcomes outcomes(const Task& task) const {
    std::vector<std::uint32_t> indices;
    std::vector<std::int64_t> labels;
    std::vector<float> means;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] == 0) continue;
      indices.push_back(static_cast<std::uint32_t>(i));
      labels.push_back(pictures_.samples[i].label);
      for (std::size_t k = 0; k < width_; ++k)
        means.push_back(static_cast<float>(sums_[i * width_ + k] / counts_[i]));
    }
    Outcomes result;
    if (indices.empty()) return result;
    const auto rows = static_cast<std::int64_t>(indices.size());
    for (const std::uint32_t i : indices)
      result.distances.push_back(static_cast<float>(distances_[i] / counts_[i]));
    const auto is_missing = [](float distance) { return std::isnan(distance); };
    if (std::any_of(result.distances.begin(), result.distances.end(), is_missing)) result.distances.clear();
    task.add_outcomes(torch::tensor(means).view({rows, static_cast<std::int64_t>(width_)}), indices, labels,
                      task.target_table(pictures_), result);
    return result;
  }

 private:
  const Folder& pictures_;
  std::vector<int> counts_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::size_t width_ = 0;
  std::vector<double> sums_;
  std::vector<double> distances_;
};

// Trains the model of a fold.
Ending train_fold(const TrainJob& job, const Recipe& recipe, const RunFolder& folder, FoldState state,
                  const RunObserver& observer) {
  GivenOptions given = job.run.given;
  std::erase_if(given, [](const auto& each) { return each.first == "fold" || each.first == "time_limit"; });
  if (state == FoldState::stopped) {
    Run run = Run::resume(folder.path(), {job.source, job.own.loss, job.own.batch_transform, {}}, observer);
    return run.train().ending;
  }
  TrainRequest request{job.source, recipe, given, job.own.loss, job.own.batch_transform, true};
  Run run = Run::create(folder.path(), request, observer);
  return run.train().ending;
}

}  // namespace

void remove_folds(const RunFolder& folder) {
  if (!is_folder(folder.folds())) return;
  const auto is_empty = [](const std::filesystem::path& path) { return disk().list(path).empty(); };
  for (const DirectoryEntry& entry : disk().list(folder.folds())) {
    const std::filesystem::path fold = folder.folds() / entry.name;
    if (!is_run_folder(fold)) continue;
    for (const DirectoryEntry& file : disk().list(fold)) {
      if (is_run_file_name(file.name)) disk().remove(fold / file.name);
    }
    if (is_empty(fold)) disk().remove(fold);
  }
  if (is_empty(folder.folds())) disk().remove(folder.folds());
}

bool is_fold_of_run(const RunFolder& folder) {
  const std::filesystem::path folds = (absolute_path(folder.path()) / "").parent_path().parent_path();
  const RunFolder whole(folds.parent_path());
  return folds == whole.folds() && disk().info(whole.config());
}

std::optional<FoldResults> train_folds(const TrainJob& job, const Task& task, const RunObserver& observer) {
  const DataOptions& data = job.run.recipe.data;
  const int models = data.folds * data.repeats;
  const Stopwatch watch;
  FoldResults results;
  SumOfOutputs sum(job.data.train);
  std::set<std::string> told(job.data.warnings.begin(), job.data.warnings.end());
  for (std::string& text : doubtful_options(job.run.recipe, names_of(job.run.given), &job.data))
    told.insert(std::move(text));
  for (int fold = 1; fold <= models; ++fold) {
    const Stopwatch of_fold;
    const std::string name = "fold " + std::to_string(fold) + "/" + std::to_string(models);
    const RunFolder folder(job.folder.fold(fold));
    const Recipe recipe = recipe_of_fold(job.run.recipe, fold, watch.seconds());
    const FoldState state = state_of(folder, recipe, job.source);
    const RunObserver of_run = observer_of(observer, name, told);
    const bool is_complete = state == FoldState::complete;
    const Ending ending = is_complete ? Ending::finished : train_fold(job, recipe, folder, state, of_run);
    if (ending == Ending::stopped) return std::nullopt;
    sum.add(folder);
    const std::vector<EpochRecord> history = read_history(folder.history());
    const EpochRecord* kept = best_epoch(history);
    if (kept == nullptr) throw Error(folder.path().string(), "has no epoch", "remove it");
    results.models.push_back(kept->val);
    if (observer.fold_end)
      observer.fold_end({fold, models, kept->val, kept->val_loss, of_fold.seconds(), is_complete,
                         ending == Ending::time_limit});
  }
  results.out_of_fold = sum.outcomes(task);
  results.seconds = watch.seconds();
  return results;
}

}  // namespace graft
