#include "graft/core/threads.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace graft {

void give_way_to_compute() {
#ifdef __linux__
  // On Linux a thread has a nice value of its own. One that gives way already, or a refusal, is left as it
  // is.
  const auto self = static_cast<id_t>(::gettid());
  constexpr int background = 10;
  if (::getpriority(PRIO_PROCESS, self) < background) {
    static_cast<void>(::setpriority(PRIO_PROCESS, self, background));
  }
#endif
}

}  // namespace graft
