// Which pictures to label next, so that a model gains most from the labels: those about which it is uncertain
// and that are unlike each other. This header does not include torch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/infer/predictor.h"
#include "graft/session/output_files.h"
#include "graft/session/predict_pictures.h"
#include "graft/session/request.h"

namespace graft {

struct LabelNextRequest {
  std::string model;                  // a run folder or a model file
  std::vector<std::string> pictures;  // files, and folders with all pictures below them
  std::int64_t count = 50;            // pictures to choose
  std::uint64_t seed = 0;             // of the choice
  LoaderOptions loader = {.batch_size = 32, .skip_bad = true};
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are rejected
  std::string feature_cache = "auto";                     // as Recipe::feature_cache
  std::string device = "auto";
  int threads = 0;  // as for set_compute_threads()
};

struct ChosenPicture {
  Prediction prediction;  // with the most probable class
  // From 0 to 1: 1 − the difference of the two highest probabilities; of several labels 1 − |2p − 1| of the
  // least certain class. Empty for a number.
  std::optional<double> uncertainty;
};

struct LabelNext {
  OpenedModel model;
  std::vector<ChosenPicture> chosen;  // the most valuable first
  std::size_t candidates = 0;         // readable pictures among which they were chosen
  std::size_t labelled = 0;           // pictures of the run's data, left out
  std::vector<BadImage> bad;          // unreadable pictures, left out
};

// By BADGE (graft/infer/badge.h); for a model that predicts a number by the diversity of the features alone.
// If the model is that of a run, pictures of the run's data, in any part and under any name, are left out.
// The same seed gives the same choice. Throws Error and UsageError, also if no picture is left, and for a
// network without a linear head.
LabelNext choose_next(const LabelNextRequest& request, const Observer& observer = {});

// The same, and writes `outputs`, which it checks first: `csv` is a table with label_next_header, `grid` a
// sheet of the first 100 chosen pictures, titled with their predictions. Outputs that were not added are not
// made.
LabelNext choose_next_to_files(const LabelNextRequest& request, OutputFiles& outputs,
                               const Observer& observer = {});
extern const char* const label_next_header;

// A line for people: "1  a.jpg: ants (52.1%), uncertainty 0.96".
std::string to_text(const LabelNext& result, std::size_t rank);

}  // namespace graft
