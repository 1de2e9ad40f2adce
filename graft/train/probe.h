// A linear probe: the optimal head for a frozen backbone's features, without gradient descent steps.
#pragma once

#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/device/torch.h"
#include "graft/infer/evaluate.h"
#include "graft/models/model_file.h"
#include "graft/task/task.h"
#include "graft/train/feature_cache.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

// Features of the views of each picture: view 0 is the validation crop, view 1 its mirror image, views 2 and
// up are random crops of the training transform, seeded by the file's bytes and the view's number.
struct ViewFeatures {
  FeatureSet centre;                // view 0
  std::vector<torch::Tensor> more;  // the views after it, N×F each, of the same samples
};

// The cache of recipe.feature_cache. auto: default_feature_folder(), or memory if the user has none; off:
// memory; else that folder. A damaged cache is empty, with a warning.
FeatureCache open_feature_cache(const Model& model, const Recipe& recipe,
                                const WarningCallback& warning = {});
// A failure to save is only a warning: the next run computes the features again.
void save_feature_cache(FeatureCache& cache, const Recipe& recipe, const WarningCallback& warning);

// Throws UsageError for a network without a linear head (Network::has_linear_head).
void check_can_be_probed(const Network& network, const std::string& advice = "choose another model");

// Reads features from `cache`, computes the missing ones and adds them. `network` is on `device`. `what`
// names the phase in `progress`. Throws Error for an unreadable picture unless recipe.loader.skip_bad,
// UsageError as check_can_be_probed().
ViewFeatures extract_views(const Model& model, const std::vector<Sample>& samples, int views,
                           const Recipe& recipe, const torch::Device& device, FeatureCache& cache,
                           const std::string& what, const ProgressCallback& progress = {});

// The fold, 0 to 4, in which each picture is held out: Task::strata() of its label is spread evenly.
std::vector<int> probe_folds(const Task& task, const std::vector<std::int64_t>& labels, std::uint64_t seed);

// The cross-validation by which fit_head() selects l2, for features without a network. `outputs`: of the
// selected l2, for each picture by the fit that did not see it, from view 0. The arguments and errors are
// those of fit_head().
struct CrossValidatedProbe {
  ProbeFit fit;
  torch::Tensor outputs;  // N×outputs
};
CrossValidatedProbe cross_validate_probe(const Task& task, const torch::Tensor& targets,
                                         const ViewFeatures& train, std::int64_t outputs, bool with_bias,
                                         std::uint64_t seed);
// The centre of the fit's penalty: 0, or the network's head, which was trained before (fit_logistic's prior).
enum class FitPrior { zero, head };

// Fits the network's head to the features of `train` (Task::fit: logistic regression, for numbers ridge
// regression). Features are centred and divided by one number; the head absorbs both. l2 is the value of a
// grid with the smallest loss in 5-fold cross-validation on `train`: all views of a picture are in one fold,
// and held-out pictures are evaluated on view 0. `seed` determines the folds. `targets`: Task::target_table()
// of the samples' labels. Throws Error if no fit is finite.
ProbeFit fit_head(Network& network, const Task& task, const torch::Tensor& targets, const ViewFeatures& train,
                  std::uint64_t seed, FitPrior prior = FitPrior::zero);

}  // namespace graft
