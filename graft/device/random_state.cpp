#include "graft/device/random_state.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

namespace graft {
namespace {

std::vector<at::Generator> generators_of(const torch::Device& device) {
  std::vector<at::Generator> generators = {at::detail::getDefaultCPUGenerator()};
  if (!device.is_cpu()) generators.push_back(at::globalContext().defaultGenerator(device));
  return generators;
}

}  // namespace

std::vector<torch::Tensor> random_state(const torch::Device& device) {
  std::vector<torch::Tensor> states;
  for (at::Generator& generator : generators_of(device)) {
    const std::lock_guard lock(generator.mutex());
    states.push_back(generator.get_state());
  }
  return states;
}

void set_random_state(const torch::Device& device, const std::vector<torch::Tensor>& states) {
  auto generators = generators_of(device);
  for (std::size_t i = 0; i < std::min(states.size(), generators.size()); ++i) {
    const std::lock_guard lock(generators[i].mutex());
    generators[i].set_state(states[i]);
  }
}

}  // namespace graft
