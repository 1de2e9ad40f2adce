#include "cli/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <limits>  // defines __GLIBC__ where it is the C library
#include <utility>

#include "graft/core/bus_error.h"
#include "graft/core/stop_signal.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace graft::cli {

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
  end_cleanly_at_signals();
}

void limit_kept_memory() {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);  // other arenas return what is freed, and the system clears it for each batch
  mallopt(M_MMAP_MAX, 1 << 16);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

void return_free_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace graft::cli
