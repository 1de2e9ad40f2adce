// What a run learns about its model from the pictures that it held out, at the end of a training: calibrated
// probabilities, scores for prediction sets, and what tells unknown pictures (docs/trust.md). Internal.
#pragma once

#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/run/evaluation_record.h"
#include "graft/session/request.h"
#include "graft/session/train_job.h"
#include "graft/train/recipe.h"

namespace graft {

// Throws UsageError for a calibration that the network's head cannot have.
void check_calibration(const TrustOptions& options, const Network& network);

// Changes the head of `model`, whose network has the kept weights, and its set_scores and known, and makes
// the outcomes those of the changed model. Returns what it did: a record with only these members. Does
// nothing without outcomes.
EvaluationRecord finish_model(const TrainJob& job, Model& model, const torch::Device& device,
                              Outcomes& outcomes, const Observer& observer);

}  // namespace graft
