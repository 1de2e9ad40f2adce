// The entry point of libFuzzer and replay.cpp, with a limit on the processor time of one input. (libFuzzer's
// limit is in wall-clock time, which depends on the machine's load.)
#include <ctime>

#include "fuzz/target.h"

namespace {

#ifdef __SANITIZE_THREAD__  // GCC's name: only ctest's replays run under it, ten times as slowly
constexpr double max_seconds = 20;
#else
constexpr double max_seconds = 1;
#endif

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const graft::fuzz::Bytes exact(data, data + size);  // so that a sanitizer detects a read past the end
  const double begin = processor_seconds();
  graft::fuzz::run(exact);
  if (processor_seconds() - begin > max_seconds) graft::fuzz::finding("more than a second for one input");
  return 0;
}
