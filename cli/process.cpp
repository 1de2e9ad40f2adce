#include "cli/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <limits>  // defines __GLIBC__ where it is the C library
#include <utility>

#include "graft/core/bus_error.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
namespace graft::cli {
namespace {

volatile std::sig_atomic_t came = 0;

// With the usual effect of the signal, which it does not have on process 1.
void end_by(int number) {
  std::signal(number, SIG_DFL);
  std::raise(number);
  ::_exit(128 + number);
}

void stop_or_end_by(int number) {
  if (came != 0) end_by(number);
  came = number;
}

void act_on_stops(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_NODEFER) | SA_RESTART;
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
}

void act_on_stops_as_usual() { act_on_stops(::getpid() == 1 ? end_by : SIG_DFL); }

}  // namespace

void prepare_process() {
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
#endif
  // Read-only, so that a write to a closed standard output fails.
  for (const auto& [descriptor, flags] :
       {std::pair(STDIN_FILENO, O_RDONLY), std::pair(STDOUT_FILENO, O_RDONLY),
        std::pair(STDERR_FILENO, O_WRONLY)}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", flags);
  }
  for (const int number : {SIGXFSZ, SIGPIPE}) std::signal(number, SIG_IGN);
  name_shortened_files();
  if (::getpid() == 1) act_on_stops_as_usual();
}

StopSignal::StopSignal() { act_on_stops(stop_or_end_by); }

StopSignal::~StopSignal() { act_on_stops_as_usual(); }

int StopSignal::received() { return came; }

}  // namespace graft::cli
