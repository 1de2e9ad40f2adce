// From libFuzzer, or replay.cpp, to the target: with a limit on the processor time of one input. (libFuzzer's
// own limit is one of the clock on the wall, which tells as much of the machine as of the input.)
#include <ctime>

#include "fuzz/target.h"

namespace {

constexpr double max_seconds = 1;

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const graft::fuzz::Bytes exact(data, data + size);  // so that a sanitizer sees a read past the end
  const double begin = processor_seconds();
  graft::fuzz::run(exact);
  if (processor_seconds() - begin > max_seconds) graft::fuzz::finding("more than a second for one input");
  return 0;
}
