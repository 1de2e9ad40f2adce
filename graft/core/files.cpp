#include "graft/core/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <mutex>
#include <utility>

#include "graft/core/bus_error.h"
#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

constexpr int max_links = 40;               // the kernel's limit
constexpr std::size_t max_name_size = 255;  // bytes; NAME_MAX of common file systems

std::string advice_for(int code) {
  switch (code) {
    case ENOENT:
      return "check the path";
    case EACCES:
    case EPERM:
      return "check the permissions";
    case ENOSPC:
    case EDQUOT:
      return "free some space and try again";
    case EROFS:
      return "choose a folder that can be written";
    case EMFILE:
    case ENFILE:
      return "raise the limit on open files (ulimit -n)";
    default:
      return "";
  }
}

[[noreturn]] void fail(const fs::path& path, const std::string& doing, int code) {
  throw Error(path.string(), doing + ": " + std::strerror(code), advice_for(code));
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  return FileKind::other;
}

// O_NONBLOCK: opening a FIFO must not wait for a writer before it is refused.
Descriptor open_regular(const fs::path& path, struct stat& status) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    const int code = errno;
    std::error_code none;
    if (code == ENOENT && fs::is_symlink(path, none))
      throw Error(path.string(), "is a broken link", "repair or remove it");
    fail(path, "cannot open", code);
  }
  if (::fstat(file.get(), &status) != 0) fail(path, "cannot read", errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(path.string(), S_ISDIR(status.st_mode) ? "is a folder, not a file" : "is not a regular file");
  }
  return file;
}

class RealOutput : public OutputFile {
 public:
  RealOutput(fs::path path, int flags)
      : path_(std::move(path)), file_(::open(path_.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666)) {
    if (file_.get() < 0) fail(path_, (flags & O_CREAT) != 0 ? "cannot create" : "cannot open", errno);
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(path_, "cannot write", errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void sync() override {
    // EINVAL: not a file that can be flushed, such as a pipe.
    if (::fsync(file_.get()) != 0 && errno != EINVAL) fail(path_, "cannot flush to disk", errno);
  }

  void close() override {
    if (::close(file_.release()) != 0) fail(path_, "cannot close", errno);
  }

 private:
  fs::path path_;
  Descriptor file_;
};

// Collects what is written in memory.
class MemoryOutput : public OutputFile {
 public:
  void write(std::string_view bytes) override { bytes_ += bytes; }
  void sync() override {}
  void close() override {}
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

bool is_mount_point(const fs::path& path) {
  struct statx status {};
  return ::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_TYPE, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

// In a sticky folder like /tmp, only the owner of a file or of the folder may rename and remove it.
bool belongs_to_another(const fs::path& path, const fs::path& folder) {
  struct stat file {
  }, around{};
  if (::stat(folder.c_str(), &around) != 0 || (around.st_mode & S_ISVTX) == 0) return false;
  const uid_t user = ::geteuid();
  return user != 0 && around.st_uid != user && ::stat(path.c_str(), &file) == 0 && file.st_uid != user;
}

fs::path from_root(const fs::path& path) {
  std::error_code error;
  fs::path whole = fs::absolute(path, error);
  if (error)
    throw Error(path.string(), "is relative to the current folder, which cannot be found: " + error.message(),
                "change to another folder");
  return whole;
}

// The files that are mapped, for the handler of SIGBUS, which cannot allocate or lock.
struct MappedFile {
  std::atomic<const char*> start = nullptr;
  std::size_t size = 0;
  std::array<char, 512> path = {};  // printable
};
std::array<MappedFile, 64> mapped_files;
std::mutex mapped_files_lock;

// Null if the table is full.
MappedFile* note_mapped(const void* start, std::size_t size, const fs::path& path) {
  const std::lock_guard lock(mapped_files_lock);
  for (MappedFile& each : mapped_files) {
    if (each.start.load() != nullptr) continue;
    each.size = size;
    const std::string text = printable(path.string());
    std::snprintf(each.path.data(), each.path.size(), "%s", text.c_str());
    each.start = static_cast<const char*>(start);
    return &each;
  }
  return nullptr;
}

void end_at_shortened_file(int number, siginfo_t* info, void*) {
  const char* at = static_cast<const char*>(info->si_addr);
  for (const MappedFile& each : mapped_files) {
    const char* start = each.start.load();
    if (start == nullptr || at < start || at >= start + each.size) continue;
    for (const char* part :
         {"graft: ", each.path.data(), ": became shorter while it was read; use it when it is complete\n"}) {
      if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
    }
    ::_exit(1);
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

class MappedBytes : public FileBytes {
 public:
  MappedBytes(void* start, std::size_t size, const fs::path& path)
      : start_(start), size_(size), noted_(size > 0 ? note_mapped(start, size, path) : nullptr) {}
  ~MappedBytes() override {
    if (noted_ != nullptr) noted_->start = nullptr;
    if (size_ > 0) ::munmap(start_, size_);
  }
  MappedBytes(const MappedBytes&) = delete;
  MappedBytes& operator=(const MappedBytes&) = delete;
  std::span<const std::uint8_t> bytes() const override {
    return {static_cast<const std::uint8_t*>(start_), size_};
  }

 private:
  void* start_;
  std::size_t size_;
  MappedFile* noted_;
};

class RealFiles : public Files {
 public:
  std::optional<FileInfo> info(const fs::path& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
      fail(path, "cannot look at", errno);
    }
    FileInfo info;
    info.kind = kind_of(status.st_mode);
    info.is_pipe = S_ISFIFO(status.st_mode);
    if (info.kind == FileKind::regular) info.size = static_cast<std::uint64_t>(status.st_size);
    info.device = status.st_dev;
    info.inode = status.st_ino;
    info.permissions = status.st_mode & 07777;
    info.modified_ns =
        static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    return info;
  }

  std::vector<DirectoryEntry> list(const fs::path& folder) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()), ::closedir);
    if (!directory) fail(folder, "cannot open the folder", errno);
    std::vector<DirectoryEntry> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(directory.get())) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      entries.push_back({name, entry_kind(folder, *entry)});
      errno = 0;
    }
    if (errno != 0) fail(folder, "cannot read the folder", errno);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return entries;
  }

  std::vector<std::uint8_t> read(const fs::path& path, std::uint64_t max_bytes) override {
    struct stat status {};
    const Descriptor file = open_regular(path, status);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > max_bytes) {
      throw Error(path.string(),
                  "has " + counted(size, "byte") + ", more than the limit of " + std::to_string(max_bytes));
    }
    std::vector<std::uint8_t> bytes(size);
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail(path, "cannot read", errno);
      if (got == 0) break;  // the file shrank since it was opened
      filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
  }

  std::unique_ptr<FileBytes> map(const fs::path& path) override {
    struct stat status {};
    const Descriptor file = open_regular(path, status);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return std::make_unique<MappedBytes>(nullptr, 0, path);
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (start == MAP_FAILED) fail(path, "cannot map into memory", errno);
    return std::make_unique<MappedBytes>(start, size, path);
  }

  std::optional<fs::path> resolve(const fs::path& path) override {
    fs::path place = path;
    for (int links = 0; links < max_links; ++links) {
      std::error_code code;
      const fs::path target = fs::read_symlink(place, code);
      if (code) return place;
      if (fs::canonical(place.parent_path(), code).string().starts_with("/proc/")) return std::nullopt;
      place = place.parent_path() / target;
    }
    fail(path, "cannot look at", ELOOP);
  }

  // Without O_CREAT if something exists: in a folder like /tmp, O_CREAT keeps root from opening another
  // user's pipe or file.
  std::unique_ptr<OutputFile> create(const fs::path& path) override {
    return std::make_unique<RealOutput>(path, info(path) ? O_TRUNC : O_CREAT | O_TRUNC);
  }
  std::unique_ptr<OutputFile> append(const fs::path& path) override {
    return std::make_unique<RealOutput>(path, info(path) ? O_APPEND : O_CREAT | O_APPEND);
  }

  bool can_replace(const fs::path& path) override {
    const fs::path folder = folder_of(path);
    return ::access(folder.c_str(), W_OK | X_OK) == 0 && !is_mount_point(path) &&
           !belongs_to_another(path, folder);
  }

  void rename(const fs::path& from, const fs::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) fail(to, "cannot rename a file to this path", errno);
  }

  void link(const fs::path& target, const fs::path& path) override {
    const fs::path temporary = path.string() + "." + std::to_string(::getpid()) + ".tmp";
    if (::symlink(target.c_str(), temporary.c_str()) != 0) fail(path, "cannot create a symbolic link", errno);
    if (::rename(temporary.c_str(), path.c_str()) == 0) return;
    const int reason = errno;
    ::unlink(temporary.c_str());
    fail(path, "cannot create a symbolic link", reason);
  }

  void remove(const fs::path& path) override {
    if (std::remove(path.c_str()) != 0) fail(path, "cannot remove", errno);
  }

  void set_permissions(const fs::path& path, std::uint32_t permissions) override {
    if (::chmod(path.c_str(), permissions) != 0) fail(path, "cannot set the permissions", errno);
  }

  bool make_directory(const fs::path& folder) override {
    if (::mkdir(folder.c_str(), 0777) == 0) return true;
    if (errno == EEXIST) return false;
    fail(folder, "cannot create the folder", errno);
  }

  void make_directories(const fs::path& folder) override {
    std::error_code code;
    fs::create_directories(resolve(folder).value_or(folder), code);
    if (code) fail(folder, "cannot create the folder", code.value());
  }

  void sync_directory(const fs::path& folder) override {
    const fs::path named = folder.empty() ? fs::path(".") : folder;
    const Descriptor file(::open(named.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file.get() < 0) fail(named, "cannot open the folder", errno);
    // EINVAL: some file systems cannot flush a folder; nothing more can be done for the rename.
    if (::fsync(file.get()) != 0 && errno != EINVAL) fail(named, "cannot flush the folder to disk", errno);
  }

 private:
  FileKind entry_kind(const fs::path& folder, const dirent& entry) {
    if (entry.d_type == DT_REG) return FileKind::regular;
    if (entry.d_type == DT_DIR) return FileKind::directory;
    if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return FileKind::other;
    struct stat status {};
    if (::stat((folder / entry.d_name).c_str(), &status) != 0) return FileKind::other;
    return kind_of(status.st_mode);
  }
};

// For a device or a pipe: no temporary file, nothing to flush.
void write_into(const fs::path& path, const std::function<void(OutputFile&)>& fill) {
  const auto file = disk().append(path);
  fill(*file);
  file->close();
}

void check_folder_of(const fs::path& path) {
  const fs::path folder = folder_of(path);
  if (!disk().info(folder))
    throw Error(folder.string(), "there is no such folder", "create it, or choose another place");
}

// The temporary files that exist, for a signal handler, which cannot allocate or lock.
struct Temporary {
  enum class State { free, changing, exists };
  std::atomic<State> state = State::free;
  std::array<char, 4096> path = {};
};
std::array<Temporary, 16> temporaries;

// Null if the table is full or the path too long.
Temporary* note_temporary(const fs::path& path) {
  const std::string text = path.string();
  for (Temporary& each : temporaries) {
    auto expected = Temporary::State::free;
    if (text.size() >= each.path.size() ||
        !each.state.compare_exchange_strong(expected, Temporary::State::changing))
      continue;
    each.path[text.copy(each.path.data(), each.path.size())] = '\0';
    each.state = Temporary::State::exists;
    return &each;
  }
  return nullptr;
}

// A temporary file beside `place`, removed at the end of its life. Messages name `path`, the name that the
// user gave.
class BesideFile {
 public:
  BesideFile(fs::path path, fs::path place) : path_(std::move(path)), place_(std::move(place)) {
    // The process id separates the temporary files of two processes that write the same file.
    const std::string ending = "." + std::to_string(::getpid()) + ".tmp";
    const std::string name = place_.filename().string().substr(0, max_name_size - ending.size());
    temporary_ = place_.parent_path() / (name + ending);
    noted_ = note_temporary(temporary_);
  }
  ~BesideFile() {
    try {
      if (!gone_) disk().remove(temporary_);
    } catch (const Error&) {  // it was not created, or the first failure is reported
    }
    if (noted_ != nullptr) noted_->state = Temporary::State::free;
  }
  BesideFile(const BesideFile&) = delete;
  BesideFile& operator=(const BesideFile&) = delete;

  void create_and_remove() {
    named([&] {
      disk().create(temporary_)->close();
      disk().remove(temporary_);
    });
    gone_ = true;
  }

  // `permissions`: of the file that it replaces.
  void write(const std::function<void(OutputFile&)>& fill, std::optional<std::uint32_t> permissions) {
    named([&] {
      const auto file = disk().create(temporary_);
      fill(*file);
      if (permissions) disk().set_permissions(temporary_, *permissions);
      file->sync();
      file->close();
    });
  }

  void rename() {
    named([&] { disk().rename(temporary_, place_); });
    gone_ = true;
  }

 private:
  template <class Work>
  void named(const Work& work) const {
    try {
      work();
    } catch (const Error& error) {
      if (error.where() != temporary_.string()) throw;
      throw Error(path_.string(), error.problem(), error.advice());
    }
  }

  fs::path path_, place_, temporary_;
  Temporary* noted_ = nullptr;
  bool gone_ = false;
};

// The parts of replace_file(): the new bytes, and then their place.
class Replacement {
 public:
  explicit Replacement(const fs::path& path) : path_(path), there_(disk().info(path)) {
    if (there_ && there_->kind == FileKind::directory) throw Error(path.string(), "is a folder, not a file");
    place_ = disk().resolve(path);
    streams_ = !place_ || (there_ && there_->kind == FileKind::other);
    if (streams_) return;
    check_folder_of(*place_);
    if (!there_ || disk().can_replace(*place_)) beside_.emplace(path, *place_);
  }

  void write(const std::function<void(OutputFile&)>& fill) {
    if (beside_) return beside_->write(fill, there_ ? std::optional(there_->permissions) : std::nullopt);
    fill(memory_);  // the file is truncated only once all new bytes are in memory: `fill` may throw
  }

  // Removes the file that will be replaced, if that can be done.
  void remove_old() {
    if (there_ && beside_) disk().remove(*place_);
  }

  void put_in_place() {
    if (streams_) return write_into(path_, [&](OutputFile& file) { file.write(memory_.bytes()); });
    if (!beside_) {
      const auto file = disk().create(path_);
      file->write(memory_.bytes());
      file->sync();
      return file->close();
    }
    beside_->rename();
    disk().sync_directory(place_->parent_path());
  }

  bool streams() const { return streams_; }

 private:
  fs::path path_;
  std::optional<FileInfo> there_;
  std::optional<fs::path> place_;
  bool streams_ = false;  // a device, a pipe or an open file
  std::optional<BesideFile> beside_;
  MemoryOutput memory_;
};

std::atomic<Files*>& current_disk() {
  static RealFiles real;
  static std::atomic<Files*> current = &real;
  return current;
}

}  // namespace

Files& disk() { return *current_disk(); }

ScopedDisk::ScopedDisk(Files& files) : previous_(current_disk().exchange(&files)) {}
ScopedDisk::~ScopedDisk() { current_disk() = previous_; }

void replace_file(const fs::path& path, const std::function<void(OutputFile&)>& fill) {
  Replacement file(path);
  if (file.streams()) return write_into(path, fill);
  file.write(fill);
  file.put_in_place();
}

void replace_files(std::span<const NewFile> files) {
  std::deque<Replacement> replacements;
  for (const NewFile& each : files) replacements.emplace_back(each.path).write(each.fill);
  if (replacements.empty()) return;
  replacements.front().remove_old();
  for (std::size_t i = replacements.size(); i-- > 0;) replacements[i].put_in_place();
}

void remove_temporaries() {
  for (const Temporary& each : temporaries) {
    if (each.state == Temporary::State::exists) ::unlink(each.path.data());
  }
}

void check_replace_file(const fs::path& path) {
  const auto place = disk().resolve(path);
  if (!place) return;
  if (place->has_parent_path()) disk().make_directories(place->parent_path());
  if (disk().info(path) && !disk().can_replace(*place)) return disk().append(path)->close();
  BesideFile(path, *place).create_and_remove();
}

void replace_file(const fs::path& path, std::string_view bytes) {
  replace_file(path, [&](OutputFile& file) { file.write(bytes); });
}

std::string name_of_temporary(const std::string& name) {
  const std::string_view ending = ".tmp";
  if (!name.ends_with(ending)) return "";
  const std::size_t end = name.size() - ending.size(), dot = name.rfind('.', end - 1);
  if (end == 0 || dot == std::string::npos || dot + 1 == end) return "";
  const bool digits = std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1,
                                  name.begin() + static_cast<std::ptrdiff_t>(end),
                                  [](char c) { return c >= '0' && c <= '9'; });
  return digits ? name.substr(0, dot) : "";
}

fs::path absolute_path(const fs::path& path) { return from_root(path).lexically_normal(); }

fs::path resolved_path(const fs::path& path) {
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(from_root(path), error);
  return error ? absolute_path(path) : resolved;
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  const auto first = disk().info(a), second = disk().info(b);
  return first && second && first->device == second->device && first->inode == second->inode;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string read_text(const fs::path& path) {
  const auto bytes = disk().read(path, 64ULL << 20);
  return {bytes.begin(), bytes.end()};
}

void name_shortened_files() {
  struct sigaction action = {};
  action.sa_sigaction = end_at_shortened_file;
  action.sa_flags = static_cast<int>(SA_SIGINFO);
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace graft
