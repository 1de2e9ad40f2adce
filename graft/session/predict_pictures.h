// Predictions of a model for pictures, with optional drawings of its input. This header does not include
// torch. Programs that only predict can use graft::Predictor (infer/predictor.h).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/image/image.h"
#include "graft/infer/predictor.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"

namespace graft {

struct PredictRequest {
  ModelSource model;
  std::vector<std::string> pictures = {};  // files, and folders with all pictures below them
  // Instead of `pictures`: a custom dataset (graft/data/dataset.h), whose targets are not read.
  std::shared_ptr<const Dataset> own_pictures = nullptr;
  PredictOptions options = {.loader = {.skip_bad = true}};
  PreprocessOverride preprocess = {};
  std::string device = "auto";
  int threads = 0;                     // as for set_compute_threads()
  bool draw = false, explain = false;  // whether to fill PictureAnswer::seen and ::explained
  std::size_t max_drawn = 100;         // at most for this many pictures
};

struct OpenedModel {
  std::vector<std::string> classes;  // by the index of a prediction; or the name of the number
  LabelKind labels = LabelKind::single;
  double spread = 0;  // of the numbers that it was trained on, as for number_text(); 0: predicts classes
};

struct PictureAnswer {
  Prediction prediction;
  std::optional<Image> seen;       // the preprocessed image
  std::optional<Image> explained;  // the same with the Grad-CAM of the first class
};

// `opened` is called once, before the first picture, `each` for every readable picture, in order. Their
// exceptions end the work. Returns the unreadable pictures; without options.loader.skip_bad the Error of the
// first one is thrown. Throws Error and UsageError.
std::vector<BadImage> predict_pictures(const PredictRequest& request,
                                       const std::function<void(const OpenedModel&)>& opened,
                                       const std::function<void(const PictureAnswer&)>& each,
                                       const Observer& observer = {});

// The same, and writes `outputs`, which it checks first: `csv` is a table of the predictions
// (result_texts.h), `grid` a sheet of the first request.max_drawn preprocessed pictures, titled with their
// predictions, and `explain` a sheet of PictureAnswer::explained. Outputs that were not added are not made;
// request.draw and request.explain are ignored; `each` may be empty.
std::vector<BadImage> predict_to_files(const PredictRequest& request, OutputFiles& outputs,
                                       const std::function<void(const OpenedModel&)>& opened,
                                       const std::function<void(const PictureAnswer&)>& each,
                                       const Observer& observer = {});

}  // namespace graft
