// A file lock between processes. Internal.
//
// It bypasses graft::disk(): it synchronizes processes and does not read or write data.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace graft {

// Holds an exclusive lock on a file (created empty if it does not exist) from construction to destruction.
// The lock ends with the process, however the process ends; only the file itself remains.
class FileLock {
 public:
  // Waits while another process or thread holds the lock.
  explicit FileLock(const std::filesystem::path& path);
  // Nothing if another process or thread holds the lock. Succeeds on a file system without locks.
  static std::optional<FileLock> take_if_free(const std::filesystem::path& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // The file's contents, at most 4 KiB; and a function that replaces them.
  std::string text() const;
  void set_text(std::string_view text) const;
  // Whether the path still names the locked file. False if the file, or the folder that it is in, was
  // removed, renamed or replaced.
  bool is_in_place() const;
  // Removes the file if it is in place; a process that waits for the lock creates a new one. No effect on a
  // moved-from object.
  void remove() const;

 private:
  FileLock(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace graft
