// Knowledge distillation: a network learns the answers of a trained one, the teacher, besides the labels.
// Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (arXiv:1503.02531). The teacher
// answers for the same augmented images as the network, "consistent teaching" of Beyer et al., "Knowledge
// distillation: A good teacher is patient and consistent" (arXiv:2106.05237). Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"
#include "graft/models/model_file.h"
#include "graft/train/train_options.h"

namespace graft {

// The mean over the batch of the difference between a network's outputs and the teacher's, both N×K; T is the
// temperature. single: T² · KL(softmax(taught / T) ‖ softmax(outputs / T)). multi: the same of the two
// answers for each class, as the mean over the classes. number: the squared difference, without T.
torch::Tensor distillation_loss(LabelKind kind, const torch::Tensor& outputs, const torch::Tensor& taught,
                                double temperature);

// A label of this value has none: the network learns the picture by the teacher's answer alone.
inline constexpr std::int64_t no_label = -1;

class Distiller {
 public:
  // `unlabelled` get the label no_label. Throws UsageError if the teacher has other classes than the student,
  // in any order, or labels of another kind.
  Distiller(Model teacher, const Model& student, const DistillOptions& options, const torch::Device& device,
            int batch_size, std::vector<Sample> unlabelled = {});

  // The teacher's outputs for the student's images (N×3×H×W, normalised by the student's preprocess), in the
  // order of the student's classes and for its target scale. Images are normalised for the teacher and, if
  // its input has another size, resized.
  torch::Tensor outputs(const torch::Tensor& images) const;

  // weight · distillation_loss + (1 − weight) · loss of the labels.
  torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& taught,
                     const torch::Tensor& of_labels) const;

  const std::vector<Sample>& unlabelled() const { return unlabelled_; }

 private:
  DistillOptions options_;
  TaskSpec task_;  // of the student
  InferenceModel teacher_;
  torch::Tensor order_;          // the teacher's output of each of the student's classes
  torch::Tensor scale_, shift_;  // from the student's normalised pixels to the teacher's
  bool same_pixels_ = true;
  std::vector<Sample> unlabelled_;
};

}  // namespace graft
