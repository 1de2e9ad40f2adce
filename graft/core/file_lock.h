// A lock between processes on a file. Internal.
//
// It bypasses graft::disk(): it is about processes that share a disk, not about what a disk holds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace graft {

// Holds a file (made empty if need be) alone, from construction to destruction. The lock ends with the
// process however that ends, and nothing but the file itself is left behind.
class FileLock {
 public:
  // Waits for another process or thread that holds it.
  explicit FileLock(const std::filesystem::path& path);
  // Nothing where another process or thread holds it. On a file system without locks it is taken.
  static std::optional<FileLock> take_if_free(const std::filesystem::path& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // What the file holds, at most 4 KiB of it, and other contents in its place.
  std::string text() const;
  void set_text(std::string_view text) const;
  // Removes the file. Who waits for the lock makes another one. Nothing where this was moved from.
  void remove() const;

 private:
  FileLock(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace graft
