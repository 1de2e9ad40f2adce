// Which network is the best to start from on a data set: a probe of each. No torch in this header.
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
  std::string weights = "default";  // as build_with_weights() takes them, names of pretrained weights too
};

// From "resnet18" or "resnet18=mine.pth", and back. Throws UsageError where no weights follow "=".
Candidate candidate_of(const std::string& text);
std::string name_of(const Candidate& candidate);

struct CompareRequest {
  DataSource data = {};
  std::vector<Candidate> candidates = {};  // empty: models_at_hand()
  Recipe recipe = preset("probe");         // its model and weights are not used
  GivenOptions given = {};  // those of `recipe` that were asked for: one that cannot act is refused
};

struct ComparedModel {
  Candidate candidate;
  std::string problem;  // why it could not be probed; empty where it was
  MetricValues metrics =
      {};  // on the validation pictures, the primary one first; empty where it has a problem
  double val_loss = 0;
  double images_per_second = 0;  // of the network alone, as it predicts
  std::int64_t parameters = 0;
};

struct Comparison {
  std::vector<ComparedModel> models;  // the best first, those with a problem last
};

// The names of the Recipe's options on which a comparison depends.
std::vector<std::string> comparison_options();

// The models whose weights need no download.
std::vector<std::string> models_at_hand();

// Throws Error and UsageError; also, before the first probe, where weights cannot be had or do not fit.
Comparison compare_models(const CompareRequest& request, const Observer& observer = {});

}  // namespace graft
