// Looking at data and at what a model makes of it: the tutorial's imshow(make_grid(…)) and visualize_model.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/models/model_file.h"
#include "graft/report/grid.h"

namespace graft {

// The first `count` images that a loader with these options gives (augmented where the options say so),
// un-normalised, titled with the names of their labels (Folder::label_names). `bad`: the pictures that
// options.skip_bad left out are added there.
Image draw_batch(const std::vector<Sample>& samples, const std::vector<std::string>& labels,
                 const Preprocess& preprocess, const LoaderOptions& options, int count,
                 std::vector<BadImage>* bad = nullptr);

// `count` samples in an order decided by options.seed, each titled "predicted: X", green where that is
// the label's name, else red with a second line "true: Y"; of a multi-label model X are the classes that it
// finds probable. A label that the model cannot give leaves the title black. Computed on `device`.
Image draw_predictions(const Model& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const LoaderOptions& options, int count,
                       const torch::Device& device, std::vector<BadImage>* bad = nullptr);

}  // namespace graft
