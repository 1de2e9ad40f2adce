// The teacher of a training run and its unlabelled pictures (recipe.distill). Internal.
#pragma once

#include <memory>

#include "graft/session/train_job.h"
#include "graft/train/distill.h"

namespace graft {

// Null without a teacher. Records the hashes of the teacher's file and of the names of the unlabelled
// pictures. Pictures of the dataset are left out of the unlabelled ones, with a warning. Throws Error if a
// run that continues had another teacher or other unlabelled pictures, and UsageError as Distiller does.
std::shared_ptr<const Distiller> open_teacher(TrainJob& job, const Model& student,
                                              const torch::Device& device, const Observer& observer);

}  // namespace graft
