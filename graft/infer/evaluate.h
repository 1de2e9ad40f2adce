// A network against labelled samples.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "graft/core/progress.h"
#include "graft/data/loader.h"
#include "graft/infer/tensor_source.h"
#include "graft/metrics/accuracy.h"
#include "graft/metrics/label_figures.h"
#include "graft/models/network.h"

namespace graft {

struct Evaluation {
  std::vector<Outcome> outcomes;  // in the loader's order, skipped pictures left out
  std::vector<BadImage> bad;
  double seconds = 0;
  LabelTable labels;  // of multi-label data, a row for each outcome; empty otherwise
};

// How a pass is made.
struct EvaluateOptions {
  std::string what = "val";  // names the pass in `progress`
  ProgressCallback progress;
  Precision precision = Precision::fp32;  // of the convolutions; not automatic
  ClassSets class_sets;                   // of multi-label data
};

// Runs the network in eval mode without gradients; its mode is put back. `network` is on `device`. Throws
// Error where it gives values that are not finite, and names the picture and the layer (check_answers.h);
// EngineError (device/engine_error.h) where memory runs out or libtorch fails.
Evaluation evaluate(Network& network, const Loader& loader, const torch::Device& device,
                    const EvaluateOptions& options = {});
// The same for batches that are on the network's device already.
Evaluation evaluate(Network& network, const TensorSource& source, const EvaluateOptions& options = {});

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
