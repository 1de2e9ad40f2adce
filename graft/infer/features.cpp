#include "graft/infer/evaluate.h"

#include "graft/core/stopwatch.h"
#include "graft/infer/feature_stream.h"
#include "graft/infer/inference_model.h"

namespace graft {

std::vector<BadImage> stream_features(const InferenceModel& model, const Loader& loader,
                                      const std::string& what, const ProgressCallback& progress,
                                      const FeatureRows& each, std::uint64_t epoch, bool mirrored) {
  const torch::NoGradGuard no_gradients;
  const auto stream = loader.epoch(epoch);
  std::size_t done = 0;
  while (const auto batch = stream->next()) {
    torch::Tensor images = images_of(*batch, model.device());
    if (mirrored) images = images.flip(3);
    const torch::Tensor rows = model.features(images).to(torch::kCPU, torch::kFloat32).contiguous();
    check_answers(model, rows, images, [&](std::int64_t row) {
      return loader.samples()[batch->indices[static_cast<std::size_t>(row)]].path;
    });
    each(rows, batch->indices);
    done += batch->indices.size();
    if (progress) progress({what, done, loader.samples().size(), "images"});
  }
  return stream->bad();
}

FeatureSet extract_features(const InferenceModel& model, const Loader& loader, const std::string& what,
                            const ProgressCallback& progress, std::uint64_t epoch, bool mirrored) {
  FeatureSet set;
  std::vector<torch::Tensor> parts;
  set.bad = stream_features(
      model, loader, what, progress,
      [&](const torch::Tensor& rows, const std::vector<std::uint32_t>& indices) {
        parts.push_back(rows);
        set.indices.insert(set.indices.end(), indices.begin(), indices.end());
        for (const std::uint32_t i : indices) set.labels.push_back(loader.samples()[i].label);
      },
      epoch, mirrored);
  set.features = parts.empty() ? torch::empty({0, model.num_features()}) : torch::cat(parts);
  return set;
}

Evaluation evaluate_features(Network& network, const Task& task, const FeatureSet& set,
                             const torch::Device& device, const torch::Tensor& targets) {
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(network);
  const Stopwatch watch;
  Evaluation result;
  const torch::Tensor logits = network.classify(set.features.to(device));
  check_head_answers(network, logits);
  task.add_outcomes(logits, set.indices, set.labels, targets, result);
  result.bad = set.bad;
  result.seconds = watch.seconds();
  return result;
}

}  // namespace graft
