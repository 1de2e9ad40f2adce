// How much memory this process can still allocate.
#pragma once

#include <cstdint>
#include <optional>

#include "graft/core/control_groups.h"

namespace graft {

// Bytes left by the machine and by the process's control groups (versions 1 and 2, so a container's limit
// too); file pages that can be dropped count as free. Nothing if the system does not report it. Thread-safe.
std::optional<std::uint64_t> memory_available();

// The same, computed from what `read` returns for a path. For tests.
std::optional<std::uint64_t> memory_available(const TextOf& read);

// The process's resident memory in bytes: current, and peak. 0 if the system does not report it.
std::uint64_t resident_bytes();
std::uint64_t peak_resident_bytes();

}  // namespace graft
