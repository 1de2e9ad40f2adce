#include "graft/core/memory.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string_view>

namespace graft {
namespace {

using Bytes = std::optional<std::uint64_t>;

// Not through disk(): files of /proc and /sys say that they have 0 bytes.
std::optional<std::string> text_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Bytes number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? Bytes(value) : std::nullopt;  // "max": no limit
}

// The number that follows `name` at the beginning of a line.
Bytes entry(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with(name)) return number(line.substr(name.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return std::nullopt;
}

Bytes number_in(const TextOf& read, const std::string& path) {
  const auto text = read(path);
  return text ? number(*text) : std::nullopt;
}

struct GroupFiles {
  std::string root;        // where the groups are mounted
  std::string line_start;  // of the process's line in /proc/self/cgroup, up to the group's path
  const char* limit;
  const char* usage;
  const char* droppable;  // in memory.stat
};

Bytes left_in(const TextOf& read, const std::string& folder, const GroupFiles& files) {
  const Bytes limit = number_in(read, folder + "/" + files.limit);
  const Bytes usage = number_in(read, folder + "/" + files.usage);
  if (!limit || !usage) return std::nullopt;
  const std::uint64_t droppable =
      entry(read(folder + "/memory.stat").value_or(""), files.droppable).value_or(0);
  const std::uint64_t used = *usage - std::min(*usage, droppable);
  return *limit - std::min(*limit, used);
}

// The group that the process is in, by the line of /proc/self/cgroup that ends with its path.
std::optional<std::string> group_path(const std::string& groups, const std::string& line_start) {
  std::size_t begin = 0;
  while (begin < groups.size()) {
    const std::size_t end = std::min(groups.find('\n', begin), groups.size());
    const std::string line = groups.substr(begin, end - begin);
    const std::size_t at = line.find(line_start);
    if (at != std::string::npos) return line.substr(at + line_start.size());
    begin = end + 1;
  }
  return std::nullopt;
}

// The least that a group and those above it leave. In a container the path may be the host's: what is not
// there limits nothing, and the mount's root is the container's own group.
Bytes left_in_groups(const TextOf& read, const std::string& groups, const GroupFiles& files) {
  auto path = group_path(groups, files.line_start);
  Bytes least;
  while (path) {
    const Bytes left = left_in(read, files.root + (*path == "/" ? "" : *path), files);
    if (left && (!least || *left < *least)) least = left;
    if (path->empty() || *path == "/") break;
    path->resize(path->rfind('/'));
  }
  return least;
}

}  // namespace

std::optional<std::uint64_t> memory_available(const TextOf& read) {
  Bytes least;
  const auto machine = read("/proc/meminfo");
  if (machine) least = entry(*machine, "MemAvailable:");
  if (least) *least *= 1024;
  const std::string groups = read("/proc/self/cgroup").value_or("");
  for (const GroupFiles& files :
       {GroupFiles{"/sys/fs/cgroup", "0::", "memory.max", "memory.current", "inactive_file "},
        GroupFiles{"/sys/fs/cgroup/memory", ":memory:", "memory.limit_in_bytes", "memory.usage_in_bytes",
                   "total_inactive_file "}}) {
    const Bytes left = left_in_groups(read, groups, files);
    if (left && (!least || *left < *least)) least = left;
  }
  return least;
}

std::optional<std::uint64_t> memory_available() { return memory_available(text_of); }

}  // namespace graft
