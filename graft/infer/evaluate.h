// Evaluation of a model on labelled samples.
#pragma once

#include <vector>

#include "graft/core/progress.h"
#include "graft/data/loader.h"
#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"
#include "graft/metrics/outcomes.h"

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
// (check_answers.h), and EngineError (core/error.h) if memory runs out or libtorch fails.
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

}  // namespace graft
