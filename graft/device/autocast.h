// torch.autocast as a scope.
#pragma once

#include <ATen/autocast_mode.h>

#include "graft/device/device.h"
#include "graft/device/torch.h"

namespace graft {

// With bf16, operators that profit from it compute in bfloat16 in this thread, for the lifetime of the
// object. Run backward passes outside the scope. With fp32 it has no effect.
class Autocast {
 public:
  Autocast(const torch::Device& device, Precision precision)
      : type_(device.type()), active_(precision == Precision::bf16) {
    if (!active_) return;
    was_enabled_ = at::autocast::is_autocast_enabled(type_);
    was_dtype_ = at::autocast::get_autocast_dtype(type_);
    at::autocast::set_autocast_enabled(type_, true);
    at::autocast::set_autocast_dtype(type_, torch::kBFloat16);
    at::autocast::increment_nesting();
  }
  ~Autocast() {
    if (!active_) return;
    // The cache holds the weights in bfloat16, which are outdated after an optimiser step.
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(type_, was_enabled_);
    at::autocast::set_autocast_dtype(type_, was_dtype_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::DeviceType type_;
  bool active_, was_enabled_ = false;
  torch::ScalarType was_dtype_ = torch::kFloat32;
};

}  // namespace graft
