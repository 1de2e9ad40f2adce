// The Linux control groups of this process, which hold a container's limits.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

// The text of a file, or nothing if it does not exist. Tests pass their own function.
using TextOf = std::function<std::optional<std::string>(const std::string& path)>;

// Reads the file system directly, not through disk(): files in /proc and /sys report a size of 0.
std::optional<std::string> text_of_system_file(const std::string& path);

// The folders of the process's groups: its own group, then each one above it up to the mount point. In a
// container, /proc/self/cgroup may name the host's path; a folder that does not exist has no limit, and the
// mount point is the container's own group. `controller`: "cpu" or "memory" for version 1, "" for version 2.
std::vector<std::string> control_group_folders(const TextOf& read, const std::string& controller);

// The number that `text` begins with, after any blanks. Nothing for other text, such as "max".
std::optional<std::uint64_t> leading_number(std::string_view text);
// The same for the contents of the file at `path`.
std::optional<std::uint64_t> number_in(const TextOf& read, const std::string& path);

}  // namespace graft
