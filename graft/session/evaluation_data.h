// The pictures of an evaluation: for a run's own data, those that it was not trained on. Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"

namespace graft {

// The run of a model on the command line: the folder itself, or the one that contains the model file. Empty
// for any other model file.
std::optional<RunFolder> run_of_model(const std::string& model);

struct EvaluationRequest {
  std::optional<RunFolder> run;
  DataSource data = {};  // missing: the data of the run
  EvaluationPart part = EvaluationPart::automatic;
};

struct EvaluationData {
  EvaluationFolder folder;
  std::string words;  // describes the pictures, for people; empty if the data's path suffices
  std::vector<std::string> warnings;
  // For each picture whether the run was trained on it, or may have been; empty for none. The warnings report
  // their number, unless the request names them.
  std::vector<bool> trained;
};

// If `data` are those that the run was trained on and have no split of their own, the split of training is
// repeated: automatic selects its validation part. The run's data are recognised by their path or by the
// names of their pictures. If pictures were added or removed, the validation part is the list in
// predictions_val.csv. Throws Error if neither shows which pictures the run was trained on, UsageError if
// there are no data.
//
// Other data are evaluated completely, with a warning if the run was trained on some of them, because naming
// the training part, or a table with some of its pictures, is an explicit request. If the run's own data have
// changed, every picture in their folder that is not known to be held out counts as possible training data.
// So does every picture of a folder that has the names of most held-out pictures, without the pictures of
// these names: it may be a changed copy of the data.
EvaluationData open_evaluation_data(const Model& model, const EvaluationRequest& request);

// For each picture whether a run of a network's starting weights was trained on it, or may have been: the run
// whose folder or model file `weights` is, as an absolute path, or one from whose weights that run started.
// Any other weights: none. `data`: which the pictures belong to. Throws Error if a run cannot be read.
std::vector<bool> seen_by_weights(std::string weights, const DataSource& data,
                                  const EvaluationFolder& pictures);

}  // namespace graft
