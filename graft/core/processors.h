// How many processors this process may use.
#pragma once

#include <string>

#include "graft/core/control_groups.h"

namespace graft {

struct Processors {
  int available = 1;  // 1 or more
  int machine = 1;    // online processors
  std::string limit;  // why fewer are available than online: "CPU affinity", "cgroup quota"; or empty

  // "64", "2 of 64, cgroup quota".
  std::string describe() const;
};

// The processors allowed by the process's affinity mask (taskset, cpuset groups) and by the CPU quotas of its
// control groups (versions 1 and 2; a container's limit). A quota is rounded up to a whole number of
// processors. Determined once per process. Thread-safe.
const Processors& processors();

// The same for a machine of `machine` processors and an affinity mask of `allowed`, computed from what `read`
// returns for a path. For tests.
Processors processors(int machine, int allowed, const TextOf& read);

// `asked`, but at most four threads per available processor: more cost memory and gain nothing.
int bounded_threads(int asked);

}  // namespace graft
