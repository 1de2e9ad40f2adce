// The search of the preset auto: which network, how whole pictures are fitted into its input, and whether
// several networks together or fine-tuning are worth their cost. Every candidate is measured on the training
// pictures alone, each by a model that did not see it (cross_validate_probe), with the same folds for all.
// Between probes the smallest mean loss wins. What costs more, several networks or fine-tuning, must prove
// itself: proves_itself(). Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/device/torch.h"
#include "graft/metrics/intervals.h"
#include "graft/metrics/outcomes.h"
#include "graft/run/candidates.h"
#include "graft/session/run.h"
#include "graft/session/search.h"
#include "graft/session/train_job.h"
#include "graft/task/task.h"
#include "graft/train/probe.h"

namespace graft {

// recipe.models, or all models at hand, those with the best published accuracy first. Downloads weights that
// are not at hand. Throws UsageError for unknown names and if there are none, Error if weights cannot be
// found.
std::vector<Candidate> search_candidates(const Recipe& recipe, const Observer& observer);

// Searches and writes candidates.csv after each candidate, and the held-out outputs of fine-tuning, from
// which a search that was interrupted continues. The recipe of the best; its preset is auto. Empty if the
// observer stops it. Throws Error if no candidate can be measured.
std::optional<Recipe> search_recipe(const TrainJob& job, const std::vector<Candidate>& candidates,
                                    const torch::Device& device, const RunObserver& observer);

// The parts of the search.

// What all of them use.
struct SearchPlace {
  const TrainJob& job;
  const Task& task;
  torch::Tensor targets;  // Task::target_table()
  torch::Device device;
  const RunObserver& observer;

  const Folder& train() const { return job.data.train; }
  // Throws SearchStopped after a stop request. `what` precedes the name of the phase.
  ProgressCallback progress(const std::string& what) const;
  MetricFunction metrics() const {
    return [this](const Outcomes& outcomes) { return task.metrics(outcomes); };
  }
};
struct SearchStopped {};

struct MeasuredCandidate {
  TriedCandidate row;
  Recipe recipe;      // that trains this candidate
  Outcomes outcomes;  // of held-out pictures; Outcome::index: in the training pictures
};

// A candidate's features, and the best probe on them.
struct Probed {
  MeasuredCandidate best;
  ViewFeatures features;
};
// Throws Error.
Probed probe_candidate(const SearchPlace& place, const Candidate& candidate, Fit fit);
// The better one of a probe of all views and of view 0 alone, without `features`' network.
MeasuredCandidate best_views(const SearchPlace& place, const ViewFeatures& features, const Recipe& recipe,
                    bool with_bias);

// Fine-tunes the network of `probe` in folds, and measures means of the weights of the last epochs,
// interpolated with the start (epoch_average.h), on what each fold held out. The best of them, of as many
// folds as end within `seconds` together with the final training; not measured, with a note, if that is fewer
// than two.
MeasuredCandidate tune_candidate(const SearchPlace& place, const MeasuredCandidate& probe, double seconds);
// Removes the files of its folds.
void remove_tuned_folds(const RunFolder& folder);

// The mean over the pictures of both of the loss in `a` less that in `b`, and the standard error of the mean.
struct LossDifference {
  double mean = 0, standard_error = 0;
};
LossDifference loss_difference(const Outcomes& a, const Outcomes& b);
// `from` reduced to the pictures that `of` has, in its order. Throws Error if one is missing.
Outcomes same_pictures(const Outcomes& from, const Outcomes& of);

// Whether a costlier candidate replaces the best one before it, on the same pictures: its loss is smaller by
// more than one standard error of the difference (Breiman et al., "Classification and Regression Trees",
// 1984, section 3.4.3) and its primary metric is not significantly worse; or its primary metric is
// significantly better.
bool proves_itself(const Outcomes& costlier, const Outcomes& before, const MetricFunction& metrics);

}  // namespace graft
