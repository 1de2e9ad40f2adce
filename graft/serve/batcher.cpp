#include "graft/serve/batcher.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "graft/device/engine_error.h"

namespace graft {
namespace {

// More images at a time no longer fit into a core's caches and gain nothing.
constexpr std::size_t most_of_a_core = 4;

}  // namespace

Batcher::Batcher(const InferenceModel& model, ComputeLanes& compute, BatchOptions options)
    : model_(model), compute_(compute), options_(std::move(options)) {}

Batcher::~Batcher() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return steps_ == 0; });
}

void Batcher::withdraw() {
  {
    const std::scoped_lock lock(mutex_);
    --announced_;
  }
  wake_.notify_all();
}

void Batcher::add(torch::Tensor image, Wanted wanted, std::string name, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    --announced_;
    items_.push_back({std::move(image), wanted, std::move(name), std::move(done)});
    ++steps_;
  }
  wake_.notify_all();
  compute_.add([this] { step(); });
}

void Batcher::step() {
  if (const std::vector<Item> items = next_batch(); !items.empty()) {
    if (options_.batch) options_.batch(items.size());
    compute(items);
  }
  const std::scoped_lock lock(mutex_);  // the destructor waits for it
  --steps_;
  wake_.notify_all();
}

// Images of one kind, in order of arrival; empty if an earlier step computed them.
std::vector<Batcher::Item> Batcher::next_batch() {
  std::unique_lock lock(mutex_);
  auto most = static_cast<std::size_t>(options_.max_batch);
  if (compute_.size() == 1) {
    const auto delay = std::chrono::duration<double, std::milli>(options_.max_delay_ms);
    wake_.wait_for(lock, delay, [&] { return items_.empty() || items_.size() >= most || announced_ == 0; });
  } else {  // every lane takes its share
    most = std::min(most, most_of_a_core);
    most = std::clamp<std::size_t>((items_.size() + compute_.size() - 1) / compute_.size(), 1, most);
  }
  std::vector<Item> batch;
  while (!items_.empty() && batch.size() < most &&
         (batch.empty() || items_.front().wanted == batch.front().wanted)) {
    batch.push_back(std::move(items_.front()));
    items_.pop_front();
  }
  return batch;
}

void Batcher::compute(const std::vector<Item>& items) const {
  std::vector<torch::Tensor> rows;
  std::exception_ptr problem;
  const auto name_of = [&](std::int64_t row) { return items[static_cast<std::size_t>(row)].name; };
  try {
    with_engine_errors("prediction", [&] {
      std::vector<torch::Tensor> images;
      for (const Item& item : items) images.push_back(item.image);
      const torch::Tensor batch = images.size() == 1 ? images.front() : torch::cat(images);
      const bool features = items.front().wanted == Wanted::features;
      const torch::Tensor result = (features ? model_.features(batch) : model_.signals(batch)).cpu();
      check_answers(model_, result, batch, name_of);
      for (std::int64_t i = 0; i < result.size(0); ++i) rows.push_back(result.slice(0, i, i + 1));
    });
  } catch (...) {
    problem = std::current_exception();
  }
  // An image with values that are not finite must not fail the others.
  if (problem && items.size() > 1) {
    for (const Item& item : items) compute({item});
    return;
  }
  for (std::size_t i = 0; i < items.size(); ++i) items[i].done(problem ? torch::Tensor() : rows[i], problem);
}

}  // namespace graft
