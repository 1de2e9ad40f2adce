// Excludes concurrent training runs in one run folder. Internal.
#pragma once

#include <filesystem>

#include "graft/core/file_lock.h"
#include "graft/run/run.h"

namespace graft {

// Holds the run from construction to destruction through the file RunFolder::lock(), which contains the
// owner's host and process id, a line each. The file is removed at the end; a file left by a killed process
// is taken over. The folder must exist. Throws Error, which names the owner, if another process holds the run
// or the file is from another host, whose locks may not be visible here.
class RunLock {
 public:
  explicit RunLock(const RunFolder& run);
  ~RunLock();
  RunLock(RunLock&&) = default;
  RunLock& operator=(RunLock&&) = delete;

  // Throws Error if the folder is no longer the one that was locked: it was removed or moved, and another run
  // may have taken its place.
  void check() const;

 private:
  std::filesystem::path folder_;
  FileLock lock_;
};

// Throws the Error of RunLock if another process holds the run; changes nothing. A folder that does not exist
// is not held.
void check_not_held(const RunFolder& run);

}  // namespace graft
