// Elapsed time.
#pragma once

#include <chrono>

namespace graft {

class Stopwatch {
 public:
  // Since construction, by a monotonic clock.
  double seconds() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point began_ = Clock::now();
};

}  // namespace graft
