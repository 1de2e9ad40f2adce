// Limits on what an action may take.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace graft::test {

// A line of /proc/self/status in bytes; nothing where the system has none.
inline std::optional<std::uint64_t> memory_figure(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  return std::nullopt;
}

// Runs `action` and expects that it takes no longer than `seconds`, and that the process never holds more
// than `bytes` beyond what it held before. (Linux; elsewhere only the time is looked at.)
template <class Action>
void within(double seconds, std::uint64_t bytes, const Action& action) {
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
  const auto before = memory_figure("VmRSS");
  const auto begin = std::chrono::steady_clock::now();
  action();
  const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto peak = memory_figure("VmHWM");
  EXPECT_LE(taken, seconds);
  if (before && peak) {
    EXPECT_LE(*peak, *before + bytes);
  }
}

}  // namespace graft::test
