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
// un-normalised, titled with the names of their classes.
Image draw_batch(const std::vector<Sample>& samples, const std::vector<std::string>& classes,
                 const Preprocess& preprocess, const LoaderOptions& options, int count);

// `count` samples in an order decided by options.seed, each titled "predicted: X", green where that is
// `classes` of its label, red where not. `classes` are those of the samples; a class that the model does not
// know leaves the title black. The network is on `device`.
Image draw_predictions(const Model& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& classes, const LoaderOptions& options, int count,
                       const torch::Device& device);

}  // namespace graft
