// Compares pretrained networks on a dataset by a probe of each. This header does not include torch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/data_source.h"
#include "graft/metrics/metric.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft {

struct Candidate {
  std::string model;                // a name of the registry
  std::string weights = "default";  // as for build_with_weights(), including names of pretrained weights
};

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
};

struct Comparison {
  std::vector<ComparedModel> models;  // best first, failed ones last
};

// The models whose weights are in the hub cache.
std::vector<std::string> models_at_hand();

// Throws Error and UsageError; before the first probe if weights are not available or do not fit.
Comparison compare_models(const CompareRequest& request, const Observer& observer = {});

}  // namespace graft
