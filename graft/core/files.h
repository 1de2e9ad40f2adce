// The only door to the disk. Everything that graft reads or writes goes through disk(), so that a test can
// put a disk in memory, or one that fails at the n-th call, behind it.
//
// Files is called from any thread. Every failure is a graft::Error that names the path and the reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

enum class FileKind { regular, directory, other };

struct FileInfo {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;    // bytes; 0 unless regular
  std::uint64_t device = 0;  // device and inode together name a folder, whatever path led to it
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;   // since the epoch
  std::uint32_t permissions = 0;  // the twelve bits of chmod
};

struct DirectoryEntry {
  std::string name;                 // without the folder
  FileKind kind = FileKind::other;  // of the target, where the entry is a symbolic link
};

// A file being written. Bytes are durable only after sync(); close() reports a late write error.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual void sync() = 0;
  virtual void close() = 0;
};

// The whole of a file, read-only, for as long as the object lives.
class FileBytes {
 public:
  virtual ~FileBytes() = default;
  virtual std::span<const std::uint8_t> bytes() const = 0;
};

class Files {
 public:
  virtual ~Files() = default;
  // Follows symbolic links. Empty when nothing is there (a dangling link too).
  virtual std::optional<FileInfo> info(const std::filesystem::path& path) = 0;
  // Entries in byte order of their names; "." and ".." left out.
  virtual std::vector<DirectoryEntry> list(const std::filesystem::path& folder) = 0;
  // Reads a regular file into memory; refuses anything else, and a file larger than `max_bytes`.
  virtual std::vector<std::uint8_t> read(const std::filesystem::path& path, std::uint64_t max_bytes) = 0;
  // Maps a regular file into memory: for large files of which parts are read.
  virtual std::unique_ptr<FileBytes> map(const std::filesystem::path& path) = 0;
  // Where a file of this name is or would be: the symbolic links at its end are followed, one to nothing too.
  // Empty where the name stands for an open file and not for a place in a folder (/dev/stdout, /dev/fd/3).
  virtual std::optional<std::filesystem::path> resolve(const std::filesystem::path& path) = 0;
  // Opens for writing: anew (a file already there is emptied), or at its end.
  virtual std::unique_ptr<OutputFile> create(const std::filesystem::path& path) = 0;
  virtual std::unique_ptr<OutputFile> append(const std::filesystem::path& path) = 0;
  // Whether another file can take the place of this regular file: neither a mount point (a file that a
  // container is given) nor in a folder that this process may not change.
  virtual bool can_replace(const std::filesystem::path& path) = 0;
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  // A file, or a folder that is empty.
  virtual void remove(const std::filesystem::path& path) = 0;
  virtual void set_permissions(const std::filesystem::path& path, std::uint32_t permissions) = 0;
  // Makes this one folder. False where something of that name is there, also when another process was faster.
  virtual bool make_directory(const std::filesystem::path& folder) = 0;
  // With all that is missing above it. A link to nothing at its end is followed.
  virtual void make_directories(const std::filesystem::path& folder) = 0;
  virtual void sync_directory(const std::filesystem::path& folder) = 0;
};

// The disk in use: the real one unless a ScopedDisk stands.
Files& disk();

// Puts another disk in place until the end of the scope. For tests; not while other threads use disk().
class ScopedDisk {
 public:
  explicit ScopedDisk(Files& files);
  ~ScopedDisk();
  ScopedDisk(const ScopedDisk&) = delete;
  ScopedDisk& operator=(const ScopedDisk&) = delete;

 private:
  Files* previous_;
};

// Writes a file that matters: `fill` writes to a temporary file beside `path`, which is flushed, renamed over
// `path`, and its folder flushed. On any failure the old file stays as it was and the temporary one is
// removed. A symbolic link stays, and what it leads to is replaced; permissions of a file that is replaced
// are kept. What is no regular file (a device, a pipe, /dev/stdout) is written into and never replaced; a
// file that Files::can_replace denies is written in its place, as soon as all its bytes are made.
// Throws Error where `path` is a folder, and where its folder is not there.
void replace_file(const std::filesystem::path& path, const std::function<void(OutputFile&)>& fill);
void replace_file(const std::filesystem::path& path, std::string_view bytes);

// Throws what replace_file would throw of a place that cannot be written, and makes the folder where it is
// not there. The file stays as it is.
void check_replace_file(const std::filesystem::path& path);

// replace_file's temporary files are called NAME.PROCESS.tmp, with the beginning of a NAME that leaves no
// room for the rest: NAME, or "" for what is no such name.
std::string name_of_temporary(const std::string& name);
inline bool is_temporary_name(const std::string& name) { return !name_of_temporary(name).empty(); }

// Reads a whole text file of at most 64 MiB.
std::string read_text(const std::filesystem::path& path);

}  // namespace graft
