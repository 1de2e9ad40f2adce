// What to train: which network is the best to start from on a data set, found by a probe of each, and which
// learning rate, found by a short mock training run. No torch in this header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/metrics/metric.h"
#include "graft/run/lr_search.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"
#include "graft/train/train_options.h"

namespace graft {

struct Candidate {
  std::string model;                // a name of the registry
  std::string weights = "default";  // as for build_with_weights(), including names of pretrained weights
};

// From "resnet18" or "resnet18=mine.pth", and the inverse. Throws UsageError if no weights follow "=".
Candidate candidate_of(const std::string& text);
std::string name_of(const Candidate& candidate);

struct CompareRequest {
  DataSource data = {};
  std::vector<Candidate> candidates = {};  // empty: models_at_hand()
  Recipe recipe = preset("probe");         // its model and weights are not used
  GivenOptions given = {};  // options of `recipe` that the user gave: one without effect is a UsageError
};

struct ComparedModel {
  Candidate candidate;
  std::string problem;        // why the probe failed; empty if it succeeded
  MetricValues metrics = {};  // on the validation pictures, the primary one first; empty after a failure
  double val_loss = 0;
  double images_per_second = 0;  // of the network in inference, without reading pictures
  std::int64_t parameters = 0;
  std::int64_t skipped = 0;  // pictures that could not be read
};

struct Comparison {
  std::vector<ComparedModel> models;  // best first, failed ones last
};

// The names of the Recipe's options that affect a comparison.
std::vector<std::string> comparison_options();

// The models whose weights are in the hub cache.
std::vector<std::string> models_at_hand();

// Throws Error and UsageError; before the first probe if weights are not available or do not fit.
Comparison compare_models(const CompareRequest& request, const Observer& observer = {});

struct LrRequest {
  DataSource data = {};
  Recipe recipe = preset(default_preset);  // its epochs and schedule are not used
  GivenOptions given = {};  // options of `recipe` that the user gave: one without effect is a UsageError
  FindLrOptions options = {};
};

struct LrSearch {
  std::vector<LrPoint> points;
  LrSuggestion suggestion;
};

// The names of the Recipe's options that affect a search: all except those that it replaces.
std::vector<std::string> lr_search_options();

// Throws Error and UsageError.
LrSearch search_lr(const LrRequest& request, const Observer& observer = {});

}  // namespace graft
