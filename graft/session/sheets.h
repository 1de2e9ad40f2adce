// Sheets of a data set's pictures, as a training sees them or as a model names them: the tutorial's
// imshow(make_grid(…)) and visualize_model. No torch in this header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/data_source.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/image/image.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace c10 {
struct Device;  // torch::Device
}

namespace graft {

struct Model;  // graft/models/model_file.h

struct DataSheetRequest {
  DataSource data = {};
  Recipe recipe = preset(default_preset);
  GivenOptions given = {};  // those of `recipe` that were asked for: one that cannot act is refused
  int count = 16;           // pictures
};

// The names of the Recipe's options on which a sheet depends.
std::vector<std::string> sheet_options();

// The first pictures of an epoch as the training's loader gives them, titled with their labels (draw_batch).
Image draw_data_sheet(const DataSheetRequest& request, const Observer& observer = {});

struct PredictionSheetRequest {
  DataSource data = {};  // as evaluate_model() takes them, but never missing
  ModelSource model;
  PreprocessOverride preprocess = {};
  // Of a table. Automatic: the model's, where that has several labels or a number.
  LabelKind labels = LabelKind::automatic;
  LoaderOptions loader = {};
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are refused
  std::uint64_t seed = 0;                                 // decides which pictures are drawn
  int count = 6;                                          // pictures
  std::string device = "auto";
  int threads = 0;          // as set_compute_threads() takes it
  GivenOptions given = {};  // those of a Recipe that were asked for: one that cannot act is refused
};

// Pictures by lot, titled with the model's predictions, green where these are right (draw_predictions).
Image draw_prediction_sheet(const PredictionSheetRequest& request, const Observer& observer = {});

// The same of samples that are open and of a model that is loaded.

// The first `count` images of a loader's pass (augmented where the pass is), un-normalised, titled with the
// names of their labels (Folder::label_names). `bad`: the pictures that options.skip_bad left out are added
// there.
Image draw_batch(const std::vector<Sample>& samples, const std::vector<std::string>& labels,
                 const Preprocess& preprocess, const LoaderOptions& options, const LoaderPass& pass,
                 int count, std::vector<BadImage>* bad = nullptr);

// `count` samples in an order decided by pass.seed, each titled "predicted: X", green where that is
// the label's name, else red with a second line "true: Y". X are all the classes that the model names, or its
// number, which stands above the true one in black. A label that the model cannot give leaves the title
// black. Computed on `device`.
Image draw_predictions(const Model& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const LoaderOptions& options,
                       const LoaderPass& pass, int count, const c10::Device& device,
                       std::vector<BadImage>* bad = nullptr);

}  // namespace graft
