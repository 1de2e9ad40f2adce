// Sheets of a dataset's pictures, as augmented for training or with a model's predictions: the tutorial's
// imshow(make_grid(…)) and visualize_model. This header does not include torch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/option.h"
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
  GivenOptions given = {};  // options of `recipe` that the user gave: one without effect is a UsageError
  int count = 16;           // pictures
};

// The names of the Recipe's options that affect a sheet.
std::vector<std::string> sheet_options();

// The first pictures of an epoch from the training loader, titled with their labels (draw_batch).
Image draw_data_sheet(const DataSheetRequest& request, const Observer& observer = {});

struct PredictionSheetRequest {
  DataSource data = {};  // as for evaluate_model(), but never missing
  ModelSource model;
  PreprocessOverride preprocess = {};
  // Kind of labels in a table. Automatic: the model's kind, if that is multi-label or a number.
  LabelKind labels = LabelKind::automatic;
  LoaderOptions loader = {};
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are rejected
  std::uint64_t seed = 0;                                 // selects the pictures
  int count = 6;                                          // pictures
  std::string device = "auto";
  int threads = 0;          // as for set_compute_threads()
  GivenOptions given = {};  // options of a Recipe that the user gave: one without effect is a UsageError
};

// Random pictures, titled with the model's predictions, green if correct (draw_predictions).
Image draw_prediction_sheet(const PredictionSheetRequest& request, const Observer& observer = {});

// The same for opened samples and a loaded model.

// The first `count` images of a loader's pass (augmented if the pass is), denormalised, titled with the names
// of their labels (Folder::label_names). `bad`: gets the pictures skipped by options.skip_bad.
Image draw_batch(const std::vector<Sample>& samples, const std::vector<std::string>& labels,
                 const Preprocess& preprocess, const LoaderOptions& options, const LoaderPass& pass,
                 int count, std::vector<BadImage>* bad = nullptr);

// `count` samples in an order determined by pass.seed, each titled "predicted: X", green if that is the
// label's name, else red with a second line "true: Y". X are all predicted classes, or the number, above the
// true one in black. The title is black for a label that the model does not have. Computed on `device`.
Image draw_predictions(const Model& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const LoaderOptions& options,
                       const LoaderPass& pass, int count, const c10::Device& device,
                       std::vector<BadImage>* bad = nullptr);

}  // namespace graft
