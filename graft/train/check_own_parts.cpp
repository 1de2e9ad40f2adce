#include "graft/train/check_own_parts.h"

#include <string>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/models/finite.h"

namespace graft {
namespace {

constexpr const char* transform_name = "`batch_transform`";

// "int64 values of shape [8, 2] on cpu"
std::string words_of_tensor(const torch::Tensor& tensor) {
  if (!tensor.defined()) return "an undefined tensor";
  return std::string(c10::getDtypeNames(tensor.scalar_type()).first) + " values of shape " +
         torch::str(tensor.sizes()) + " on " + tensor.device().str();
}

std::string targets_advice(LabelKind kind, std::int64_t samples, std::int64_t outputs) {
  const std::string count = std::to_string(samples), width = std::to_string(outputs);
  const std::string shares = "floating-point values of shape [" + count + ", " + width + "]";
  if (kind == LabelKind::number) return "give " + shares;
  return std::string("give ") +
         (kind == LabelKind::single ? "int64 labels of shape [" + count + "], or " : "") + shares +
         ", the shares of the classes";
}

}  // namespace

torch::Tensor checked_loss(const torch::Tensor& loss, const torch::Tensor& outputs) {
  constexpr const char* where = "`loss`";
  if (!loss.defined() || loss.numel() != 1 || !loss.is_floating_point() || loss.device() != outputs.device())
    throw UsageError(
        where, "returns " + words_of_tensor(loss),
        "return one floating-point number on " + outputs.device().str() + ": the mean over the batch");
  if (outputs.requires_grad() && !loss.requires_grad())
    throw UsageError(where, "returns a number without a gradient, so the network cannot learn",
                     "compute it from the outputs with torch's operators, without detach(), item() or "
                     "NoGradGuard");
  return loss.reshape({});
}

TensorBatch checked_batch(const TensorBatch& after, const TensorBatch& before, LabelKind kind,
                          std::int64_t outputs) {
  const std::int64_t samples = before.count();
  const torch::Tensor &images = after.images, &targets = after.labels;
  const torch::Device device = before.images.device();
  const bool are_images = images.defined() && images.dim() == 4 && images.size(0) == samples &&
                          images.size(1) == 3 && images.numel() > 0 && images.is_floating_point() &&
                          images.device() == device;
  if (!are_images)
    throw UsageError(transform_name, "gives " + words_of_tensor(images) + " as the images",
                     "give floating-point values of shape [" + std::to_string(samples) +
                         ", 3, height, width] on " + device.str());
  const bool on_device =
      targets.defined() && targets.dim() > 0 && targets.size(0) == samples && targets.device() == device;
  const bool labels =
      on_device && kind == LabelKind::single && targets.dim() == 1 && targets.scalar_type() == torch::kInt64;
  const bool shares =
      on_device && targets.dim() == 2 && targets.size(1) == outputs && targets.is_floating_point();
  if (!labels && !shares)
    throw UsageError(transform_name, "gives " + words_of_tensor(targets) + " as the targets",
                     targets_advice(kind, samples, outputs) + ", on " + device.str());
  TensorBatch batch = after;
  batch.images = images.to(before.images.scalar_type());
  if (shares) batch.labels = targets.to(torch::kFloat32);  // as the outputs
  return batch;
}

void check_transformed_images(const torch::Tensor& images) {
  if (all_finite(images)) return;
  throw UsageError(transform_name, "gives images with values that are not finite numbers",
                   "check its divisions, logarithms and roots");
}

void check_transformed_targets(const torch::Tensor& targets, LabelKind kind, std::int64_t outputs) {
  if (targets.numel() == 0) return;
  const auto [low, high] = torch::aminmax(targets);
  const auto least = low.item<double>(), greatest = high.item<double>();
  const std::string range = "from " + csv_number(least) + " to " + csv_number(greatest);
  if (!all_finite(targets))
    throw UsageError(transform_name, "gives targets with values that are not finite numbers",
                     "check its divisions, logarithms and roots");
  if (!targets.is_floating_point() && (least < 0 || greatest >= static_cast<double>(outputs)))
    throw UsageError(transform_name, "gives labels " + range + " for " + std::to_string(outputs) + " classes",
                     "give labels from 0 to " + std::to_string(outputs - 1));
  constexpr double rounding = 1e-4;
  const bool are_shares = targets.is_floating_point() && kind != LabelKind::number;
  if (are_shares && (least < -rounding || greatest > 1 + rounding))
    throw UsageError(transform_name, "gives targets " + range, "give shares from 0 to 1");
}

}  // namespace graft
