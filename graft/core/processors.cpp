#include "graft/core/processors.h"

#include <algorithm>
#include <limits>
#include <thread>

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif

namespace graft {
namespace {

using Count = std::optional<std::uint64_t>;

// Microseconds of processor time in each period.
Count processors_of(Count quota, Count period) {
  if (!quota || !period || *period == 0) return std::nullopt;
  return std::max<std::uint64_t>(1, *quota / *period + (*quota % *period == 0 ? 0 : 1));
}

// Version 2 writes "200000 100000", or "max 100000" for no limit.
Count quota_v2(const TextOf& read, const std::string& folder) {
  const std::string text = read(folder + "/cpu.max").value_or("");
  const std::size_t space = std::min(text.find(' '), text.size());
  return processors_of(leading_number(text), leading_number(text.substr(space)));
}

// Version 1 writes -1 for no limit.
Count quota_v1(const TextOf& read, const std::string& folder) {
  return processors_of(number_in(read, folder + "/cpu.cfs_quota_us"),
                       number_in(read, folder + "/cpu.cfs_period_us"));
}

// The smallest quota of all groups.
std::uint64_t least_quota(const TextOf& read) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const std::string& folder : control_group_folders(read, ""))
    least = std::min(least, quota_v2(read, folder).value_or(least));
  for (const std::string& folder : control_group_folders(read, "cpu"))
    least = std::min(least, quota_v1(read, folder).value_or(least));
  return least;
}

int online_processors() {
#ifdef __linux__
  return static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
#else
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
#endif
}

// From the affinity mask; all if the system has none, or one larger than cpu_set_t.
int allowed_processors(int machine) {
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::clamp(CPU_COUNT(&set), 1, machine);
#endif
  return machine;
}

}  // namespace

std::string Processors::describe() const {
  if (available == machine) return std::to_string(machine);
  return std::to_string(available) + " of " + std::to_string(machine) + ", " + limit;
}

Processors processors(int machine, int allowed, const TextOf& read) {
  Processors result{allowed, machine, allowed < machine ? "CPU affinity" : ""};
  const std::uint64_t quota = least_quota(read);
  if (quota < static_cast<std::uint64_t>(allowed)) {
    result.available = static_cast<int>(quota);
    result.limit = "cgroup quota";
  }
  return result;
}

const Processors& processors() {
  static const Processors found = [] {
    const int machine = online_processors();
    return processors(machine, allowed_processors(machine), text_of_system_file);
  }();
  return found;
}

int bounded_threads(int asked) {
  constexpr std::int64_t threads_per_processor = 4;
  return static_cast<int>(std::min<std::int64_t>(asked, threads_per_processor * processors().available));
}

}  // namespace graft
