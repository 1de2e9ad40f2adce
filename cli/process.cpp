#include "cli/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <limits>  // defines __GLIBC__ where it is the C library
#include <utility>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace graft::cli {
namespace {

volatile std::sig_atomic_t came = 0;

void act_on_stops(void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
}

}  // namespace

void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}

void keep_standard_streams() {
  // Read-only, so that a write to a closed standard output fails; what goes to a closed standard error is
  // dropped.
  for (const auto& [descriptor, flags] :
       {std::pair(STDIN_FILENO, O_RDONLY), std::pair(STDOUT_FILENO, O_RDONLY),
        std::pair(STDERR_FILENO, O_WRONLY)}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", flags);
  }
}

StopSignal::StopSignal() {
  came = 0;
  // The handler is for one signal; the next one has its usual effect.
  act_on_stops([](int number) { came = number; }, static_cast<int>(SA_RESETHAND) | SA_RESTART);
}

StopSignal::~StopSignal() { act_on_stops(SIG_DFL, 0); }

int StopSignal::received() { return came; }

}  // namespace graft::cli
