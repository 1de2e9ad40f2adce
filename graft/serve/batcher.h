// Computes images that arrive one by one in batches. Internal.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "graft/infer/inference_model.h"
#include "graft/serve/compute_lanes.h"

namespace graft {

struct BatchOptions {
  int max_batch = 8;
  double max_delay_ms = 2;
  std::function<void(std::size_t)> batch = {};  // called with the number of images of each batch
};

enum class Wanted { signals, features };

class Batcher {
 public:
  // The row of the model's signals or features for the image, or the exception.
  using Done = std::function<void(const torch::Tensor& row, const std::exception_ptr& problem)>;

  // Both must outlive the batcher.
  Batcher(const InferenceModel& model, ComputeLanes& compute, BatchOptions options);
  // Waits until everything that was added is computed. Not to be called from a lane.
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  // An image will be added, or will not after all: with one lane a batch waits for announced images, at most
  // max_delay_ms.
  void announce() { ++announced_; }
  void withdraw();
  // An announced image: 1×3×H×W, as for InferenceModel. `done` is called from a lane and must not
  // throw. `name` names the picture in errors.
  void add(torch::Tensor image, Wanted wanted, std::string name, Done done);

 private:
  struct Item {
    torch::Tensor image;
    Wanted wanted = Wanted::signals;
    std::string name;
    Done done;
  };
  void step();
  std::vector<Item> next_batch();
  void compute(const std::vector<Item>& items) const;

  const InferenceModel& model_;
  ComputeLanes& compute_;
  BatchOptions options_;
  std::atomic<int> announced_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> items_;
  std::size_t steps_ = 0;  // tasks in compute_: one for each item, idle if an earlier one took the item
};

}  // namespace graft
