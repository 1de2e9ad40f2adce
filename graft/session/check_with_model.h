// The check of a dataset (check/check.h) with a model, which finds labels that are probably wrong and
// pictures that look alike to it. This header does not include torch.
#pragma once

#include <cstddef>

#include "graft/check/check.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft {

struct ModelCheckRequest {
  DataSource data = {};
  // A cross-validated run of these pictures judges their labels by its out-of-fold predictions, any other
  // model by heads that are fitted to its features, each without a fifth of the pictures.
  ModelSource model;
  CheckOptions options = {};
  PreprocessOverride preprocess = {};
  // Of it: feature_cache, loader, decode.max_pixels, device, threads, and seed, of the folds.
  Recipe recipe = preset(default_preset);
  std::size_t max_drawn = 60;  // pictures of a sheet
  // With options.near, pictures are nearly equal to the model if the cosine of their features is at least
  // this. From the measurements in docs/check.md.
  double similar_cosine = 0.85;
};

// check_data_set() with further findings (docs/check.md). Writes `outputs`, which it checks first: `csv` is a
// table of all pictures that open_data_set() reads, in which the suspects have the proposed labels, and
// `grid` a sheet of the suspects. Outputs that were not added are not made. Labels that are numbers are not
// judged, with a warning; `csv` and `grid` are then a UsageError. If the data cannot be opened for training,
// the report says so, and the model is not used.
CheckReport check_with_model(const ModelCheckRequest& request, OutputFiles& outputs,
                             const Observer& observer = {});

// The first lines of `csv`, for data with a validation part of its own and without.
inline constexpr const char* proposed_split_header = "path,label,split,given,self_confidence\n";
inline constexpr const char* proposed_header = "path,label,given,self_confidence\n";

}  // namespace graft
