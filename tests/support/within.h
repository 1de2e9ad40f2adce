// Limits on an action's time and memory.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <ctime>
#include <fstream>
#include <optional>
#include <string>

namespace graft::test {

// A line of /proc/self/status in bytes; nothing if the system does not have it.
inline std::optional<std::uint64_t> memory_value(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  return std::nullopt;
}

// Sanitizers need several times as much of both.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr unsigned allowance = 10;
#else
inline constexpr unsigned allowance = 1;
#endif

// Runs `action` and expects that it uses at most `seconds` of processor time (wall-clock time depends on
// other programs too), and that the process never holds more than `bytes` beyond its memory before. (Memory
// on Linux only.)
template <class Action>
void within(double seconds, std::uint64_t bytes, const Action& action) {
  std::ofstream("/proc/self/clear_refs") << "5";  // resets the peak
  const auto before = memory_value("VmRSS");
  const std::clock_t begin = std::clock();
  action();
  const double taken = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  const auto peak = memory_value("VmHWM");
  EXPECT_LE(taken, seconds * allowance);
  if (before && peak) {
    EXPECT_LE(*peak, *before + bytes * allowance);
  }
}

}  // namespace graft::test
