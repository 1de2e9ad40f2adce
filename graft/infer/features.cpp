#include "graft/infer/evaluate.h"

#include "graft/core/stopwatch.h"
#include "graft/infer/inference_model.h"

namespace graft {

FeatureSet extract_features(const InferenceModel& model, const Loader& loader, const std::string& what,
                            const ProgressCallback& progress, std::uint64_t epoch, bool mirrored) {
  const torch::NoGradGuard no_gradients;
  FeatureSet set;
  std::vector<torch::Tensor> parts;
  const auto stream = loader.epoch(epoch);
  while (const auto batch = stream->next()) {
    torch::Tensor images = images_of(*batch, model.device());
    if (mirrored) images = images.flip(3);
    parts.push_back(model.features(images).to(torch::kCPU, torch::kFloat32));
    check_answers(model, parts.back(), images, [&](std::int64_t row) {
      return loader.samples()[batch->indices[static_cast<std::size_t>(row)]].path;
    });
    set.labels.insert(set.labels.end(), batch->labels.begin(), batch->labels.end());
    set.indices.insert(set.indices.end(), batch->indices.begin(), batch->indices.end());
    if (progress) progress({what, set.labels.size(), loader.samples().size(), "images"});
  }
  set.features = parts.empty() ? torch::empty({0, model.num_features()}) : torch::cat(parts);
  set.bad = stream->bad();
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
