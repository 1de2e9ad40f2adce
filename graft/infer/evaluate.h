// Evaluation of a model on labelled samples, and the features of its backbone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/loader.h"
#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"
#include "graft/metrics/outcomes.h"
#include "graft/models/network.h"

namespace graft {

class TensorSource;  // graft/infer/tensor_source.h

// Outcomes in the loader's order, without skipped pictures.
struct Evaluation : Outcomes {
  std::vector<BadImage> bad;
  double seconds = 0;
};

// Options of an evaluation pass.
struct EvaluateOptions {
  std::string what = "val";  // names the pass in `progress`
  ProgressCallback progress;
  torch::Tensor targets;  // Task::target_table() of the samples' labels
};

// Throws Error that names the picture and the layer if the model gives values that are not finite
// (check_answers), and EngineError (core/error.h) if memory runs out or libtorch fails.
Evaluation evaluate(const InferenceModel& model, const Loader& loader, const EvaluateOptions& options = {});
Evaluation evaluate(const InferenceModel& model, const TensorSource& source,
                    const EvaluateOptions& options = {});

// Sets a network to eval mode for a scope.
class EvalMode {
 public:
  explicit EvalMode(Network& network) : network_(network), training_(network.is_training()) {
    network.eval();
  }
  ~EvalMode() { network_.train(training_); }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;

 private:
  Network& network_;
  bool training_;
};

// The features of each image, computed once for a head that is tried or trained many times.
struct FeatureSet {
  torch::Tensor features;              // N×F, float32, on the CPU
  std::vector<std::int64_t> labels;    // N
  std::vector<std::uint32_t> indices;  // N: indices into the loader's list of samples
  std::vector<BadImage> bad;           // skipped pictures
};

// Runs the backbone over one pass of the loader (pass `epoch`, if it augments). With `mirrored`, over each
// picture's mirror image. Throws Error, as evaluate() does, if features are not finite.
FeatureSet extract_features(const InferenceModel& model, const Loader& loader, const std::string& what,
                            const ProgressCallback& progress = {}, std::uint64_t epoch = 0,
                            bool mirrored = false);

// As evaluate(), but starting from features, with the head of a network on `device`, whose mode is restored.
// `targets`: Task::target_table() of the samples' labels.
Evaluation evaluate_features(Network& network, const Task& task, const FeatureSet& set,
                             const torch::Device& device, const torch::Tensor& targets = {});

}  // namespace graft
