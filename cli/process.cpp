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

}  // namespace graft::cli
