#include "graft/train/own_parts.h"

namespace graft {
namespace {

class SingleProcess : public GradientSync {
 public:
  int rank() const override { return 0; }
  int world_size() const override { return 1; }
  void sum(const std::vector<torch::Tensor>&) override {}
  std::vector<torch::Tensor> gather(const torch::Tensor& tensor) override { return {tensor}; }
};

}  // namespace

GradientSync& single_process() {
  static SingleProcess process;
  return process;
}

std::int64_t sum_over_ranks(GradientSync& sync, std::int64_t number) {
  if (sync.world_size() == 1) return number;
  const torch::Tensor sum = torch::full({1}, number, torch::kInt64);
  sync.sum({sum});
  return sum.item<std::int64_t>();
}

bool any_rank(GradientSync& sync, bool holds) { return sum_over_ranks(sync, holds ? 1 : 0) > 0; }

}  // namespace graft
