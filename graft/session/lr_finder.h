// Finds a learning rate for a dataset by a mock training run. This header does not include torch.
#pragma once

#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/data_source.h"
#include "graft/run/lr_search.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"
#include "graft/train/train_options.h"

namespace graft {

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

// Throws Error and UsageError.
LrSearch search_lr(const LrRequest& request, const Observer& observer = {});

}  // namespace graft
