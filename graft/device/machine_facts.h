// What libtorch finds on this machine, as text for people. No torch in this header.
#pragma once

#include <string>

namespace graft {

struct MachineFacts {
  std::string libtorch;  // its version
  std::string device;    // what "auto" selects: "cpu (2 threads, AVX512)"
  std::string cpu_code;  // the instructions that its kernels use, and the libraries it was built with
};
MachineFacts machine_facts();

}  // namespace graft
