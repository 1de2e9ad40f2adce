// Looking at data and at what a model makes of it: the tutorial's imshow(make_grid(…)) and visualize_model.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/models/model_file.h"
#include "graft/report/grid.h"

namespace graft {

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
                       const LoaderPass& pass, int count, const torch::Device& device,
                       std::vector<BadImage>* bad = nullptr);

}  // namespace graft
