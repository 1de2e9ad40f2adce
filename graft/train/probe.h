// A linear probe: the head that fits a frozen backbone's features best, without a step of gradient descent.
#pragma once

#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/device/torch.h"
#include "graft/infer/features.h"
#include "graft/models/model_file.h"
#include "graft/task/task.h"
#include "graft/train/feature_cache.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

// How a picture is shown to the backbone: view 0 is the validation crop, view 1 its mirror image, views 2 and
// up are random crops of the training transform, drawn from the file's own bytes and the view's number.
struct ViewFeatures {
  FeatureSet centre;                // view 0
  std::vector<torch::Tensor> more;  // the views after it, N×F each, of the same samples
};

// The cache that recipe.feature_cache names: auto: default_feature_folder(), or where the user has none one
// that is not kept; off: one that is not kept; else that folder.
FeatureCache open_feature_cache(const Model& model, const Recipe& recipe);

// Takes from `cache` what it has, computes the rest and adds it. `network` is on `device`. `what` names the
// phase in `progress`. Throws Error for a picture that cannot be read unless recipe.loader.skip_bad.
ViewFeatures extract_views(const Model& model, const std::vector<Sample>& samples, int views,
                           const Recipe& recipe, const torch::Device& device, FeatureCache& cache,
                           const std::string& what, const ProgressCallback& progress = {});

// Fits the head to the features of `train` (Task::fit: logistic regression, of numbers ridge regression) and
// puts it into the network. Features are centred and scaled by one number, which the head takes back. l2 is
// the one of a grid with the smallest loss in 5-fold cross-validation on `train` alone: all views of a
// picture are in one fold, and held-out pictures are judged by their view 0. `seed` decides the folds.
// `targets`: Task::target_table() of the samples' labels. Throws Error where no fit is finite.
ProbeFigures fit_head(Network& network, const Task& task, const torch::Tensor& targets,
                      const ViewFeatures& train, std::uint64_t seed);

}  // namespace graft
