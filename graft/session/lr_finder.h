// A learning rate for a data set, found by a mock training. No torch in this header.
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
  GivenOptions given = {};  // those of `recipe` that were asked for: one that cannot act is refused
  FindLrOptions options = {};
};

struct LrSearch {
  std::vector<LrPoint> points;
  LrSuggestion suggestion;
};

// The names of the Recipe's options on which a search depends: all but those that it decides.
std::vector<std::string> lr_search_options();

// Throws Error and UsageError.
LrSearch search_lr(const LrRequest& request, const Observer& observer = {});

}  // namespace graft
