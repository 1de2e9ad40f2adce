// Outputs for labelled pictures by models that were not trained on them, as confident learning needs them
// (trust/label_issues.h). Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/infer/evaluate.h"
#include "graft/models/model_file.h"

namespace graft {

struct HeldOutOutputs {
  std::vector<std::uint32_t> pictures;  // indices of the samples, ascending
  std::vector<float> outputs;           // a row of logits for each of them
  std::string by;                       // which models, for people
};

// Those that a cross-validated run recorded, if `model` is one with the classes of `data` and most of its
// pictures, which are recognised by their files. Empty for any other model.
std::optional<HeldOutOutputs> out_of_fold_outputs(const std::string& model, const Folder& data);

// Those of heads for `data` that are fitted to the features of `model`, each without a fifth of the pictures
// (cross_validate_probe() of train/probe.h). `features`: of samples of `data`.
HeldOutOutputs probe_outputs(const Model& model, const Folder& data, const FeatureSet& features,
                             std::uint64_t seed);

}  // namespace graft
