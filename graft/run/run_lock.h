// One training at a time writes to a run folder. Internal.
#pragma once

#include <string>

#include "graft/core/file_lock.h"
#include "graft/run/run.h"

namespace graft {

// Holds the run from construction to destruction by the file RunFolder::lock(), which says who does: the host
// and the process, a line each. The file is removed at the end; one that a killed process left behind is
// taken over. The folder must be there. Throws Error that names the owner where another process holds the
// run, or where the file is of another host, whose locks may not be seen from here.
class RunLock {
 public:
  explicit RunLock(const RunFolder& run);
  ~RunLock();
  RunLock(RunLock&&) = default;
  RunLock& operator=(RunLock&&) = delete;

 private:
  FileLock lock_;
};

// Throws the Error of RunLock where another process holds the run; changes nothing. A folder that is not
// there is held by nobody.
void check_not_held(const RunFolder& run);

}  // namespace graft
