#include "graft/core/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string_view>

namespace graft {
namespace {

using Bytes = std::optional<std::uint64_t>;

// The number that follows `name` at the beginning of a line.
Bytes entry(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with(name)) return leading_number(line.substr(name.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return std::nullopt;
}

// The names of a control-group version's files.
struct GroupFiles {
  const char* controller;
  const char* limit;
  const char* usage;
  const char* droppable;  // in memory.stat
};

constexpr GroupFiles versions[] = {
    {"", "memory.max", "memory.current", "inactive_file "},
    {"memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "}};

Bytes left_in(const TextOf& read, const std::string& folder, const GroupFiles& files) {
  const Bytes limit = number_in(read, folder + "/" + files.limit);
  const Bytes usage = number_in(read, folder + "/" + files.usage);
  if (!limit || !usage) return std::nullopt;
  const std::uint64_t droppable =
      entry(read(folder + "/memory.stat").value_or(""), files.droppable).value_or(0);
  const std::uint64_t used = *usage - std::min(*usage, droppable);
  return *limit - std::min(*limit, used);
}

}  // namespace

std::optional<std::uint64_t> memory_available(const TextOf& read) {
  Bytes least;
  const auto machine = read("/proc/meminfo");
  if (machine) least = entry(*machine, "MemAvailable:");
  if (least) *least *= 1024;
  for (const GroupFiles& files : versions) {
    for (const std::string& folder : control_group_folders(read, files.controller)) {
      const Bytes left = left_in(read, folder, files);
      if (left && (!least || *left < *least)) least = left;
    }
  }
  return least;
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  if (!(file >> all >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peak_resident_bytes() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::optional<std::uint64_t> memory_available() { return memory_available(text_of_system_file); }

}  // namespace graft
