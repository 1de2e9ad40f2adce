// The validation after each epoch of a training run.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "graft/core/progress.h"
#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/infer/evaluate.h"
#include "graft/models/model_file.h"
#include "graft/task/task.h"
#include "graft/train/own_parts.h"
#include "graft/train/recipe.h"
#include "graft/train/sources.h"

namespace graft {

// The model, the recipe and `sync` must outlive it. `model.network` is on `device`.
class Validator {
 public:
  Validator(const Model& model, const Folder& val, const Recipe& recipe, const torch::Device& device,
            GradientSync& sync)
      : model_(model),
        recipe_(recipe),
        device_(device),
        task_(make_task(model.task)),
        targets_(task_->target_table(val)),
        sync_(sync) {}

  // Declares that the backbone does not change: from now on each picture is processed once, unless the cache
  // is off.
  void hold(const InferenceModel& backbone) { held_ = backbone; }

  // Evaluates the pictures of all ranks.
  Evaluation run(const TrainLoaders& loaders, const TensorSource& source, const std::string& name,
                 const ProgressCallback& progress);
  // Evaluates the current model as after every epoch: a resumed run has the same outcomes.
  Evaluation run_once(const TrainLoaders& loaders, const ProgressCallback& progress) const;

 private:
  InferenceModel ready_model() const;  // the current one, for batches of the recipe's size
  Evaluation run_own(const TrainLoaders& loaders, const TensorSource& source, const std::string& name,
                     const ProgressCallback& progress);

  const Model& model_;
  const Recipe& recipe_;
  torch::Device device_;
  std::unique_ptr<const Task> task_;
  torch::Tensor targets_;  // Task::target_table() of the validation labels
  GradientSync& sync_;
  std::optional<InferenceModel> held_;
  std::optional<FeatureSet> features_;  // of the held backbone
};

}  // namespace graft
