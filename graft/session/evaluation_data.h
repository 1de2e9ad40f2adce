// Which pictures an evaluation measures a model on: of a run's own data, those that it was not trained on.
// Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"

namespace graft {

// The run that a model on the command line belongs to: the folder itself, or the one that the model file lies
// in. Nothing for any other model file.
std::optional<RunFolder> run_of_model(const std::string& model);

struct EvaluationRequest {
  std::optional<RunFolder> run;
  std::string data;  // empty: the run's own
  EvaluationPart part = EvaluationPart::automatic;
};

struct EvaluationData {
  EvaluationFolder folder;
  std::string words;  // which pictures these are, for people; empty where the data themselves say it
  std::vector<std::string> warnings;
  // How many the run was trained on, or may have been, where it is not known of each; these are in the
  // warnings too, unless they were asked for.
  std::size_t trained_on = 0;
};

// Where `data` are what the run was trained on and are not divided into parts, the split of the training is
// made again: automatic is its validation part. The run's data are recognised by their place or by the names
// of their pictures. Where pictures have come or gone since, the validation part is what predictions_val.csv
// lists. Throws Error where neither shows which pictures the run was trained on, UsageError where there are
// no data.
//
// Of other data everything that is named is evaluated, with a warning where the run was trained on some of
// it: whoever names its training part, or a table with some of its pictures, asks for these. Where the run's
// own data have changed, every picture in their folder that is not known to be held out may have been trained
// on.
EvaluationData open_evaluation_data(const Model& model, const EvaluationRequest& request);

}  // namespace graft
