// The only access to the disk. Everything that graft reads or writes goes through disk(), so that a test can
// substitute a disk in memory or one that fails at the n-th call.
//
// Files is thread-safe. Every failure is a graft::Error that names the path and the reason.
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
  std::uint64_t device = 0;  // device and inode identify a folder under any path
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;   // since the epoch
  std::uint32_t permissions = 0;  // the low twelve bits, as for chmod
  bool is_pipe = false;           // a FIFO
};

struct DirectoryEntry {
  std::string name;                 // without the folder's path
  FileKind kind = FileKind::other;  // the target's, if the entry is a symbolic link
};

// A file being written. Bytes are durable only after sync(); close() reports a late write error.
class OutputFile {
 public:
  virtual ~OutputFile() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual void sync() = 0;
  virtual void close() = 0;
};

// A whole file, read-only, valid while the object lives.
class FileBytes {
 public:
  virtual ~FileBytes() = default;
  virtual std::span<const std::uint8_t> bytes() const = 0;
};

class Files {
 public:
  virtual ~Files() = default;
  // Follows symbolic links. Empty if the path does not exist or is a broken link.
  virtual std::optional<FileInfo> info(const std::filesystem::path& path) = 0;
  // Entries in byte order of their names, without "." and "..".
  virtual std::vector<DirectoryEntry> list(const std::filesystem::path& folder) = 0;
  // Reads a regular file into memory; refuses anything else, and a file larger than `max_bytes`.
  virtual std::vector<std::uint8_t> read(const std::filesystem::path& path, std::uint64_t max_bytes) = 0;
  // Maps a regular file into memory: for partial reads of large files.
  virtual std::unique_ptr<FileBytes> map(const std::filesystem::path& path) = 0;
  // The path of the file that this name refers to, or would create: symbolic links in the last component are
  // followed, broken ones too. Empty if the name is an open file (/dev/stdout, /dev/fd/3).
  virtual std::optional<std::filesystem::path> resolve(const std::filesystem::path& path) = 0;
  // Opens for writing: truncates an existing file (create) or writes at its end (append).
  virtual std::unique_ptr<OutputFile> create(const std::filesystem::path& path) = 0;
  virtual std::unique_ptr<OutputFile> append(const std::filesystem::path& path) = 0;
  // Whether a rename can replace this regular file: false for a mount point (a file that is mounted into a
  // container) and in a folder that this process may not change.
  virtual bool can_replace(const std::filesystem::path& path) = 0;
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  // Creates a symbolic link, or replaces an existing one. `target` may be relative to the link's folder.
  virtual void link(const std::filesystem::path& target, const std::filesystem::path& path) = 0;
  // Removes a file or an empty folder.
  virtual void remove(const std::filesystem::path& path) = 0;
  virtual void set_permissions(const std::filesystem::path& path, std::uint32_t permissions) = 0;
  // Creates one folder. False if the name already exists, also if another process has just created it.
  virtual bool make_directory(const std::filesystem::path& folder) = 0;
  // Creates the folder and its missing parents. Follows a broken link in the last component.
  virtual void make_directories(const std::filesystem::path& folder) = 0;
  virtual void sync_directory(const std::filesystem::path& folder) = 0;
};

// The disk in use: the real one unless a ScopedDisk is alive.
Files& disk();

// Replaces disk() until the end of the scope. For tests; not while other threads use disk().
class ScopedDisk {
 public:
  explicit ScopedDisk(Files& files);
  ~ScopedDisk();
  ScopedDisk(const ScopedDisk&) = delete;
  ScopedDisk& operator=(const ScopedDisk&) = delete;

 private:
  Files* previous_;
};

// Writes a file atomically: `fill` writes to a temporary file beside `path`, which is flushed and renamed
// over `path`; then the folder is flushed. On any failure the old file is unchanged and the temporary one is
// removed. A symbolic link is kept and its target is replaced; the permissions of a replaced file are kept.
// A device, a pipe or /dev/stdout is written to directly; a file that Files::can_replace refuses is
// overwritten in place once all its new bytes are in memory.
// Throws Error if `path` is a folder or its folder does not exist.
void replace_file(const std::filesystem::path& path, const std::function<void(OutputFile&)>& fill);
void replace_file(const std::filesystem::path& path, std::string_view bytes);

// Replaces files that belong together, each as replace_file() does: every old file is unchanged until all new
// ones are complete on the disk. The first file describes the others: it is removed before these are replaced
// and renamed last, so that it is never found beside the wrong ones.
struct NewFile {
  std::filesystem::path path;
  std::function<void(OutputFile&)> fill;
};
void replace_files(std::span<const NewFile> files);

// Throws what replace_file would throw for a path that cannot be written. Creates the folder if it does not
// exist. The file is unchanged.
void check_replace_file(const std::filesystem::path& path);

// Removes the temporary files of this process. For a signal handler that ends the process.
void remove_temporaries();

// replace_file's temporary files are named NAME.PROCESS.tmp; a long NAME is truncated. Returns NAME, or "" if
// `name` does not have this form.
std::string name_of_temporary(const std::string& name);
inline bool is_temporary_name(const std::string& name) { return !name_of_temporary(name).empty(); }

// The path from the root, without "." and "..". Throws Error if the current folder does not exist any more.
std::filesystem::path absolute_path(const std::filesystem::path& path);
// The same with symbolic links resolved, as far as the path exists and this process may look into its
// folders.
std::filesystem::path resolved_path(const std::filesystem::path& path);
// Whether both paths name the same existing file or folder.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);
// The folder that contains it: "." for a name alone.
std::filesystem::path folder_of(const std::filesystem::path& path);

// Reads a whole text file of at most 64 MiB.
std::string read_text(const std::filesystem::path& path);

}  // namespace graft
