#include "graft/device/device.h"

#include <ATen/Version.h>
#include <torch/version.h>

namespace graft {

MachineFacts machine_facts() {
  set_compute_threads(0);
  return {TORCH_VERSION, describe_device(select_device("auto")),
          at::get_cpu_capability() + (at::hasMKL() ? ", MKL" : "") + (at::hasMKLDNN() ? ", oneDNN" : "")};
}

}  // namespace graft
