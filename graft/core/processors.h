// How many processors this process may use.
#pragma once

#include <string>

#include "graft/core/control_groups.h"

namespace graft {

struct Processors {
  int available = 1;  // 1 or more
  int machine = 1;    // those that are online
  std::string
      limit;  // why fewer are available than the machine has: "CPU affinity", "cgroup quota"; or empty

  // "64", "2 of 64, cgroup quota".
  std::string describe() const;
};

// The processors that the process's affinity mask (taskset, cpuset groups) and the CPU quotas of its control
// groups (versions 1 and 2; a container's limit) leave it. A quota counts as the whole number of processors
// next above it. Determined once a process. Thread-safe.
const Processors& processors();

// The same of a machine of `machine` processors and an affinity mask of `allowed`, by what `read` gives for a
// path. For tests.
Processors processors(int machine, int allowed, const TextOf& read);

// `asked` threads, but at most four for each available processor: further ones cost memory and gain nothing.
int bounded_threads(int asked);

}  // namespace graft
