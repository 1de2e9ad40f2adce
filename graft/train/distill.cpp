#include "graft/train/distill.h"

#include <algorithm>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/task/task.h"
#include "graft/train/crop_batch.h"

namespace graft {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

void check_teacher(const Model& teacher, const Model& student) {
  if (teacher.task.kind != student.task.kind)
    throw UsageError("`teacher`",
                     std::string("its labels are of the kind ") + to_string(teacher.task.kind) +
                         ", and those of the data " + to_string(student.task.kind),
                     "give a model that was trained on such labels");
  auto of_teacher = teacher.classes, of_student = student.classes;
  std::sort(of_teacher.begin(), of_teacher.end());
  std::sort(of_student.begin(), of_student.end());
  if (of_teacher != of_student)
    throw UsageError("`teacher`",
                     "it has other classes (" + shorten_list(teacher.classes, 5) + ") than the data (" +
                         shorten_list(student.classes, 5) + ")",
                     "give a model that was trained on the classes of the data");
}

Tensor order_of(const std::vector<std::string>& teacher, const std::vector<std::string>& student) {
  std::vector<std::int64_t> order;
  for (const std::string& name : student)
    order.push_back(std::find(teacher.begin(), teacher.end(), name) - teacher.begin());
  return torch::tensor(order, torch::kInt64);
}

std::vector<Sample> without_labels(std::vector<Sample> samples) {
  for (Sample& sample : samples) sample.label = no_label;
  return samples;
}

}  // namespace

Tensor distillation_loss(LabelKind kind, const Tensor& outputs, const Tensor& taught, double temperature) {
  if (kind == LabelKind::number) return F::mse_loss(outputs, taught);
  const Tensor own = outputs / temperature, other = taught / temperature;
  const double scale = temperature * temperature;
  if (kind == LabelKind::multi) {
    const Tensor answers = other.sigmoid();
    return scale * (torch::binary_cross_entropy_with_logits(own, answers) -
                    torch::binary_cross_entropy_with_logits(other, answers));
  }
  return scale * torch::kl_div(own.log_softmax(1), other.log_softmax(1), at::Reduction::Sum, true) /
         outputs.size(0);
}

Distiller::Distiller(Model teacher, const Model& student, const DistillOptions& options,
                     const torch::Device& device, int batch_size, std::vector<Sample> unlabelled)
    : options_(options),
      task_(student.task),
      teacher_((check_teacher(teacher, student),
                InferenceModel::compile(std::move(teacher), device, Precision::fp32, batch_size))),
      order_(order_of(teacher_.classes(), student.classes).to(device)),
      unlabelled_(without_labels(std::move(unlabelled))) {
  // Both are of the form  normalised = pixel · scale + shift.
  const Preprocess &to = teacher_.preprocess(), &from = student.preprocess;
  scale_ = normalize_scale(to, device) / normalize_scale(from, device);
  shift_ = normalize_shift(to, device) - normalize_shift(from, device) * scale_;
  same_pixels_ = to.mean == from.mean && to.std == from.std;
}

Tensor Distiller::outputs(const Tensor& images) const {
  const torch::NoGradGuard no_gradients;
  Tensor seen = same_pixels_ ? images : images * scale_ + shift_;
  const std::int64_t side = teacher_.preprocess().crop;
  if (seen.size(2) != side || seen.size(3) != side)
    seen = at::_upsample_bilinear2d_aa(seen, {side, side}, /*align_corners=*/false);
  const Tensor outputs = teacher_.logits(seen).to(torch::kFloat32);
  if (task_.kind != LabelKind::number) return outputs.index_select(1, order_);
  return ((teacher_.task().answers(outputs) - task_.mean) / task_.scale).to(torch::kFloat32);
}

Tensor Distiller::loss(const Tensor& outputs, const Tensor& taught, const Tensor& of_labels) const {
  const double weight = options_.distill_weight;
  return weight * distillation_loss(task_.kind, outputs, taught, options_.distill_temperature) +
         (1 - weight) * of_labels;
}

}  // namespace graft
