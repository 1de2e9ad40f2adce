// Sheets of a data set's pictures, as a training sees them or as a model names them. No torch in this header.
#pragma once

#include <cstdint>
#include <string>

#include "graft/core/given_options.h"
#include "graft/data/data_source.h"
#include "graft/image/image.h"
#include "graft/session/model_source.h"
#include "graft/session/observer.h"
#include "graft/train/recipe.h"

namespace graft {

struct DataSheetRequest {
  DataSource data = {};
  Recipe recipe = preset(default_preset);
  GivenOptions given = {};  // those of `recipe` that were asked for: one that cannot act is refused
  int count = 16;           // pictures
};

// The first pictures of an epoch as the training's loader gives them, titled with their labels (draw_batch).
Image draw_data_sheet(const DataSheetRequest& request, const Observer& observer = {});

struct PredictionSheetRequest {
  DataSource data = {};  // as evaluate_model() takes them, but never missing
  ModelSource model;
  PreprocessOverride preprocess = {};
  LabelKind labels = LabelKind::automatic;  // of a table
  LoaderOptions loader = {};
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are refused
  std::uint64_t seed = 0;                                 // decides which pictures are drawn
  int count = 6;                                          // pictures
  std::string device = "auto";
  int threads = 0;  // as set_compute_threads() takes it
};

// Pictures by lot, titled with the model's predictions, green where these are right (draw_predictions).
Image draw_prediction_sheet(const PredictionSheetRequest& request, const Observer& observer = {});

}  // namespace graft
