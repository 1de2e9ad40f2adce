// A lock between processes on a file that one of them fills. Internal.
//
// It bypasses graft::disk(): it is about processes that share a disk, not about what a disk holds.
#pragma once

#include <filesystem>

namespace graft {

// Holds `path` (made empty if need be) alone, from construction to destruction; waits for another process or
// thread that does. The lock ends with the process however that ends, and nothing but `path` itself is left
// behind.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace graft
