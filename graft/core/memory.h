// How much memory this process may still take.
#pragma once

#include <cstdint>
#include <optional>

#include "graft/core/control_groups.h"

namespace graft {

// Bytes that the machine and the process's control groups (versions 1 and 2, a container's limit too) leave,
// pages of files that can be dropped counted as free. Nothing where the system does not say. Thread-safe.
std::optional<std::uint64_t> memory_available();

// The same by what `read` gives for a path. For tests.
std::optional<std::uint64_t> memory_available(const TextOf& read);

// Bytes of the process's memory that are in RAM: now, and at most so far. 0 where the system does not say.
std::uint64_t resident_bytes();
std::uint64_t peak_resident_bytes();

}  // namespace graft
