// The Linux control groups that hold this process: where a container's limits are written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

// The text of a file, or nothing where it is not there. Tests give their own.
using TextOf = std::function<std::optional<std::string>(const std::string& path)>;

// Reads the real file system, and not through disk(): files of /proc and /sys claim to have 0 bytes.
std::optional<std::string> text_of_system_file(const std::string& path);

// The folders of the process's groups: its own group, then each one above it up to the mount point. In a
// container /proc/self/cgroup may name the host's path: a folder that is not there holds no limit, and the
// mount point is the container's own group. `controller`: of version 1, "cpu" or "memory"; empty: version 2.
std::vector<std::string> control_group_folders(const TextOf& read, const std::string& controller);

// The number that `text` begins with, blanks before it left out. Nothing for other text, such as "max".
std::optional<std::uint64_t> leading_number(std::string_view text);
// The same of the file at `path`.
std::optional<std::uint64_t> number_in(const TextOf& read, const std::string& path);

}  // namespace graft
