// What a model says of pictures, one after another, with pictures of what it saw. No torch in this header.
// A program that only predicts has graft::Predictor (infer/predictor.h).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/data_source.h"
#include "graft/image/image.h"
#include "graft/infer/predictor.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"

namespace graft {

struct PredictRequest {
  ModelSource model;
  std::vector<std::string> pictures = {};  // files, and folders with all pictures below them
  // In their place: pictures of the program's own (graft/data/dataset.h), whose targets are not asked for.
  std::shared_ptr<const Dataset> own_pictures = nullptr;
  PredictOptions options = {.loader = {.skip_bad = true}};
  PreprocessOverride preprocess = {};
  std::string device = "auto";
  int threads = 0;                     // as set_compute_threads() takes it
  bool draw = false, explain = false;  // whether PictureAnswer has `seen` and `explained`
  std::size_t max_drawn = 100;         // for this many pictures
};

struct OpenedModel {
  std::vector<std::string> classes;  // by the index of a prediction; or what the number is called
};

struct PictureAnswer {
  Prediction prediction;
  std::optional<Image> seen;  // the pixels that the network saw
  std::optional<Image>
      explained;  // the same, coloured where the network looked for its first class (Grad-CAM)
};

// `opened` is called once, before the first picture, `each` for every picture that could be read, in order.
// What they throw ends the work. Returns the pictures that could not be read; without options.loader.skip_bad
// the first of them is thrown. Throws Error and UsageError.
std::vector<BadImage> predict_pictures(const PredictRequest& request,
                                       const std::function<void(const OpenedModel&)>& opened,
                                       const std::function<void(const PictureAnswer&)>& each,
                                       const Observer& observer = {});

// The same, with what the answers leave in files: of `outputs`, which it checks before the long work, `csv`
// is a table of them (result_texts.h), `grid` a sheet of the first request.max_drawn pictures as the network
// saw them, titled with its predictions, and `explain` one of the same pictures as PictureAnswer::explained.
// What was not added is not made; request.draw and request.explain are not used.
std::vector<BadImage> predict_to_files(const PredictRequest& request, OutputFiles& outputs,
                                       const std::function<void(const OpenedModel&)>& opened,
                                       const std::function<void(const PictureAnswer&)>& each,
                                       const Observer& observer = {});

}  // namespace graft
