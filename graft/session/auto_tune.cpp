// Fine-tuning in folds, from the probe of each fold.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/stopwatch.h"
#include "graft/core/text.h"
#include "graft/data/decoded_cache.h"
#include "graft/infer/evaluate.h"
#include "graft/models/load.h"
#include "graft/session/auto_search.h"
#include "graft/session/starting_network.h"
#include "graft/task/target_scale.h"
#include "graft/train/epoch_average.h"
#include "graft/train/snapshot.h"
#include "graft/train/trainer.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

constexpr int num_folds = 5;
constexpr double shares[] = {0.25, 0.5, 0.75, 1};  // 0 is the probe itself
// The final training takes as long as that of a fold, with a quarter more pictures.
constexpr double final_training = 1.25;

// The preset fast from this candidate's probe.
Recipe tuned_recipe(const Recipe& probe) {
  const Recipe fast = preset("fast");
  Recipe recipe = probe;
  recipe.epochs = fast.epochs;
  recipe.freeze = false;
  recipe.optimizer = fast.optimizer;
  recipe.backbone_lr = fast.backbone_lr;
  recipe.schedule = fast.schedule;
  recipe.loader.batch_size = std::min(recipe.loader.batch_size, fast.loader.batch_size);
  return recipe;
}

// The weights that are measured: how many epochs are averaged, and the share of interpolation.
struct Mix {
  int epochs = 1;
  double share = 1;
};
std::vector<Mix> mixes(int epochs) {
  std::vector<Mix> all;
  for (int n = 1; n <= epochs; ++n) {
    for (const double share : shares) all.push_back({n, share});
  }
  return all;
}

struct FoldParts {
  Folder train, held_out;
  std::vector<std::uint32_t> rows;  // of the held-out pictures in the training pictures of the run
};
FoldParts parts_of(const Folder& all, const std::vector<int>& fold_of, int fold) {
  FoldParts parts{all, all, {}};
  parts.train.samples.clear();
  parts.held_out.samples.clear();
  for (std::size_t i = 0; i < all.samples.size(); ++i) {
    const bool held_out = fold_of[i] == fold;
    (held_out ? parts.held_out : parts.train).samples.push_back(all.samples[i]);
    if (held_out) parts.rows.push_back(static_cast<std::uint32_t>(i));
  }
  return parts;
}

// The held-out outputs of one fold: of each mix, of each picture.
struct FoldOutputs {
  torch::Tensor outputs;            // mixes×N×outputs
  std::vector<std::uint32_t> rows;  // N, in the training pictures of the run
};

std::filesystem::path file_of_fold(const RunFolder& folder, int fold) { return folder.tuned_fold(fold + 1); }

void save_fold(const std::filesystem::path& path, const FoldOutputs& fold, const std::string& key) {
  std::vector<std::int64_t> rows(fold.rows.begin(), fold.rows.end());
  const torch::Tensor numbers = torch::tensor(rows, torch::kInt64);
  const std::vector<NamedTensor> tensors = {{"outputs", view_of(fold.outputs)}, {"rows", view_of(numbers)}};
  write_with_checksum(path, tensors, {{"format", "graft-tuned-fold"}, {"candidate", key}});
}

// Empty for a file that is missing, damaged, or of another candidate.
std::optional<FoldOutputs> read_fold(const std::filesystem::path& path, const std::string& key) {
  if (!disk().info(path)) return std::nullopt;
  try {
    const StateDict state = read_safetensors(path);
    verify_checksum(path, state);
    const auto stated = state.metadata.find("candidate");
    const TensorView *outputs = state.find("outputs"), *rows = state.find("rows");
    if (stated == state.metadata.end() || stated->second != key || outputs == nullptr || rows == nullptr)
      return std::nullopt;
    FoldOutputs fold{to_tensor(*outputs).clone(), {}};
    const torch::Tensor numbers = to_tensor(*rows);
    for (std::int64_t i = 0; i < numbers.numel(); ++i)
      fold.rows.push_back(static_cast<std::uint32_t>(numbers[i].item<std::int64_t>()));
    return fold;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Collects the weights of the start and of each epoch.
struct Weights {
  Snapshot start;
  std::vector<Snapshot> epochs;  // the oldest first

  void take(const EpochEnd& end, const Network& network) {
    if (end.record.probe) return start.take(network);
    epochs.emplace_back();
    epochs.back().take(network);
  }
  void mix(const Mix& mix, Network& network) const {
    std::vector<const std::vector<torch::Tensor>*> newest;
    for (int n = 1; n <= mix.epochs; ++n)
      newest.push_back(&epochs[epochs.size() - static_cast<std::size_t>(n)].tensors());
    mix_weights(start.tensors(), newest, mix.share, tensors_of(network));
  }
};

// Outputs of the scale of `from` in that of `to`.
torch::Tensor in_scale(const torch::Tensor& outputs, const TaskSpec& from, const TaskSpec& to) {
  if (to.kind != LabelKind::number) return outputs;
  return (outputs * from.scale + (from.mean - to.mean)) / to.scale;
}

// Trains the model of one fold and measures its mixes.
class FoldTraining {
 public:
  FoldTraining(const SearchPlace& place, const Recipe& recipe, const FoldParts& parts,
               const std::string& name)
      : place_(place), recipe_(recipe), parts_(parts), name_(name) {
    torch::manual_seed(recipe.seed);
    const ModelSpec& spec = find_model(recipe.model);
    const LoadedNetwork loaded =
        starting_network(spec, parts.train, recipe, find_weights(spec, recipe.weights));
    loaded.network->to(place.device);
    model_ = {spec.name, parts.train.classes, loaded.preprocess,
              {},        loaded.network,      task_spec_of(parts.train)};
  }

  // From a pass over one batch: a training step takes about as long as four.
  double estimated_seconds() const {
    const int batch = recipe_.loader.batch_size, side = model_.preprocess.crop;
    const InferenceModel ready = InferenceModel::compile(model_, place_.device, Precision::fp32, batch);
    const torch::Tensor images =
        torch::zeros({batch, 3, side, side}, place_.device).contiguous(torch::MemoryFormat::ChannelsLast);
    ready.logits(images).cpu();  // the warm-up
    const Stopwatch watch;
    ready.logits(images).cpu();
    const auto trained = static_cast<double>(parts_.train.samples.size()) * recipe_.epochs;
    const auto measured = static_cast<double>(parts_.held_out.samples.size() * mixes(recipe_.epochs).size());
    return watch.seconds() / batch * (4 * trained + measured);
  }

  FoldOutputs run() {
    TrainEvents events;
    events.progress = place_.progress(name_ + ", ");
    events.stop = place_.observer.stop;
    events.epoch_end = [&](const EpochEnd& end) { weights_.take(end, *model_.network); };
    const TrainResult result =
        train_model(model_, parts_.train, parts_.held_out, recipe_, place_.device, events);
    if (result.ending == Ending::stopped) throw SearchStopped();
    return measured();
  }

 private:
  FoldOutputs measured() {
    FoldOutputs fold;
    std::vector<torch::Tensor> outputs;
    const auto decoded = DecodedCache::make(recipe_.cache);
    const Loader loader(parts_.held_out.samples, model_.preprocess, recipe_.loader, val_pass(recipe_),
                        decoded);
    const torch::Tensor targets = place_.task.target_table(parts_.held_out);
    for (const Mix& mix : mixes(recipe_.epochs)) {
      weights_.mix(mix, *model_.network);
      const InferenceModel ready =
          InferenceModel::compile(model_, place_.device, Precision::fp32, recipe_.loader.batch_size);
      const Evaluation evaluation =
          evaluate(ready, loader, {name_ + ", averages", place_.progress(""), targets});
      outputs.push_back(outputs_of(evaluation));
      if (!fold.rows.empty()) continue;
      for (const Outcome& outcome : evaluation.outcomes) fold.rows.push_back(parts_.rows[outcome.index]);
    }
    fold.outputs = torch::stack(outputs).contiguous();
    return fold;
  }

  torch::Tensor outputs_of(const Evaluation& evaluation) const {
    const auto rows = static_cast<std::int64_t>(evaluation.outcomes.size());
    const torch::Tensor outputs =
        torch::tensor(evaluation.outputs).view({rows, static_cast<std::int64_t>(evaluation.num_outputs())});
    return in_scale(outputs, model_.task, task_spec_of(place_.train()));
  }

  const SearchPlace& place_;
  const Recipe& recipe_;
  const FoldParts& parts_;
  std::string name_;
  Model model_;
  Weights weights_;
};

// The held-out outcomes of one mix in all folds.
Outcomes outcomes_of(const SearchPlace& place, const std::vector<FoldOutputs>& folds, std::size_t mix) {
  Outcomes all;
  for (const FoldOutputs& fold : folds) {
    std::vector<std::int64_t> labels;
    for (const std::uint32_t row : fold.rows) labels.push_back(place.train().samples[row].label);
    place.task.add_outcomes(fold.outputs[static_cast<std::int64_t>(mix)], fold.rows, labels, place.targets,
                            all);
  }
  return all;
}

// The mix with the smallest mean loss.
void take_best_mix(const SearchPlace& place, const std::vector<FoldOutputs>& folds,
                   MeasuredCandidate& result) {
  const std::vector<Mix> all = mixes(result.recipe.epochs);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Outcomes outcomes = outcomes_of(place, folds, i);
    const double loss = mean_loss(outcomes.outcomes);
    if (!(loss < least)) continue;
    least = loss;
    result.outcomes = std::move(outcomes);
    result.recipe.average_epochs = all[i].epochs;
    result.recipe.interpolate = all[i].share;
  }
  TriedCandidate& row = result.row;
  if (result.outcomes.outcomes.empty()) {
    row.note = "the losses are not finite";
    return;
  }
  row.loss = least;
  row.metrics = {place.task.metrics(result.outcomes).front()};
  row.pictures = static_cast<std::int64_t>(result.outcomes.outcomes.size());
  row.average_epochs = result.recipe.average_epochs;
  row.interpolate = result.recipe.interpolate;
}

std::string key_of(const Recipe& recipe) {
  return recipe.model + "=" + recipe.weights + " " +
         EnumNames<Fit>::names[static_cast<std::size_t>(recipe.fit)] + " " + std::to_string(recipe.views) +
         " " + std::to_string(recipe.seed);
}

}  // namespace

MeasuredCandidate tune_candidate(const SearchPlace& place, const MeasuredCandidate& probe, double seconds) {
  const Stopwatch watch;
  MeasuredCandidate result{probe.row, tuned_recipe(probe.recipe), {}};
  result.row = {"fine-tuning", probe.row.model, probe.row.fit, probe.row.views};
  std::vector<std::int64_t> labels;
  for (const Sample& sample : place.train().samples) labels.push_back(sample.label);
  const std::vector<int> fold_of = probe_folds(place.task, labels, result.recipe.seed);
  const std::string key = key_of(result.recipe);
  Recipe of_fold = result.recipe;
  of_fold.time_limit = 0;
  std::vector<FoldOutputs> folds;
  double longest = 0;
  for (int fold = 0; fold < num_folds; ++fold) {
    const std::filesystem::path file = file_of_fold(place.job.folder, fold);
    if (auto kept = read_fold(file, key)) {
      folds.push_back(std::move(*kept));
      continue;
    }
    const Stopwatch of_this;
    const FoldParts parts = parts_of(place.train(), fold_of, fold);
    const std::string name = "fine-tuning " + probe.row.model + ", fold " + std::to_string(fold + 1) + "/" +
                             std::to_string(num_folds);
    FoldTraining training(place, of_fold, parts, name);
    if (seconds > 0) {
      if (longest == 0) longest = training.estimated_seconds();
      const double folds_needed = std::max(1.0, 2.0 - static_cast<double>(folds.size()));
      if (watch.seconds() + longest * (folds_needed + final_training) > seconds) break;
    }
    folds.push_back(training.run());
    save_fold(file, folds.back(), key);
    longest = std::max(longest, of_this.seconds());
  }
  if (folds.size() < num_folds)
    result.row.note = std::to_string(folds.size()) + " of " + counted(std::size_t{num_folds}, "fold") +
                      " within `time_limit`";
  if (folds.size() >= 2) take_best_mix(place, folds, result);
  result.row.seconds = watch.seconds();
  return result;
}

void remove_tuned_folds(const RunFolder& folder) {
  for (int fold = 0; fold < num_folds; ++fold) {
    if (disk().info(file_of_fold(folder, fold))) disk().remove(file_of_fold(folder, fold));
  }
}

}  // namespace graft
