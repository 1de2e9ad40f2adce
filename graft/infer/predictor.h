// A trained model that answers, for programs that only predict: this header needs no torch.
//
//   graft::Predictor predictor("runs/train");
//   predictor.predict({"a.jpg", "b.jpg"}, {.top_k = 3}, [&](const graft::Prediction& p) { ... });
//
// Used by one thread at a time. After fork() a child process may use its parent's Predictor: on the CPU it
// computes with one thread there, and for an accelerator predict() throws an Error. No thread may use the
// Predictor while the process forks.
//
// Where memory or threads run out, or libtorch fails, the exception is an EngineError (an Error,
// graft/device/engine_error.h).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graft/infer/prediction.h"

namespace graft {

class Predictor {
 public:
  // `model`: a run folder or a model file. `device`: as select_device() takes it. Computes with
  // OMP_NUM_THREADS threads, else with at most one for each available processor. Throws Error.
  explicit Predictor(const std::filesystem::path& model, const std::string& device = "auto");
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  // Names by index of a ClassScore.
  const std::vector<std::string>& classes() const;
  // As graft::predict().
  std::vector<BadImage> predict(const std::vector<std::string>& paths, const PredictOptions& options,
                                const PredictionCallback& each) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace graft
