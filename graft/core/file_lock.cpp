#include "graft/core/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "graft/core/error.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// Whether `path` still names the open file: the previous holder of the lock may have renamed or removed it.
bool is_at(int descriptor, const fs::path& path) {
  struct stat open {
  }, named{};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

[[noreturn]] void fail_lock(const fs::path& path, const char* doing, int code) {
  throw Error(path.string(), std::string(doing) + ": " + std::strerror(code),
              "check the folder and its permissions");
}

// 0, or the errno of the failure.
int lock(int descriptor, int operation) {
  while (::flock(descriptor, operation) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

bool has_no_locks(int code) { return code == ENOLCK || code == EOPNOTSUPP || code == ENOSYS; }

int open_file(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0 && errno == ELOOP)
    throw Error(path.string(), "is a link; a lock does not follow links", "remove it");
  if (descriptor < 0) fail_lock(path, "cannot create", errno);
  return descriptor;
}

}  // namespace

FileLock::FileLock(fs::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

FileLock::FileLock(const fs::path& path) : path_(path) {
  while (true) {
    descriptor_ = open_file(path);
    if (const int code = lock(descriptor_, LOCK_EX); code != 0) {
      ::close(descriptor_);
      fail_lock(path, "cannot lock", code);
    }
    if (is_at(descriptor_, path)) return;
    ::close(descriptor_);
  }
}

std::optional<FileLock> FileLock::take_if_free(const fs::path& path) {
  while (true) {
    FileLock taken(path, open_file(path));
    const int code = lock(taken.descriptor_, LOCK_EX | LOCK_NB);
    if (code == EWOULDBLOCK) return std::nullopt;
    if (code != 0 && !has_no_locks(code)) fail_lock(path, "cannot lock", code);
    if (is_at(taken.descriptor_, path)) return taken;
  }
}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string FileLock::text() const {
  char buffer[4096];
  const ssize_t size = ::pread(descriptor_, buffer, sizeof buffer, 0);
  if (size < 0) fail_lock(path_, "cannot read", errno);
  return {buffer, static_cast<std::size_t>(size)};
}

void FileLock::set_text(std::string_view text) const {
  if (::ftruncate(descriptor_, 0) != 0) fail_lock(path_, "cannot write", errno);
  const ssize_t size = ::pwrite(descriptor_, text.data(), text.size(), 0);
  if (size < 0) fail_lock(path_, "cannot write", errno);
  if (static_cast<std::size_t>(size) < text.size()) fail_lock(path_, "cannot write", ENOSPC);
}

bool FileLock::is_in_place() const { return is_at(descriptor_, path_); }

void FileLock::remove() const {
  if (is_in_place()) ::unlink(path_.c_str());
}

}  // namespace graft
