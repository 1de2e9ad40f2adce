#include "graft/weights/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "graft/core/error.h"

namespace graft {
namespace {

// Whether `path` still names the open file: who held the lock before may have renamed or removed it.
bool is_at(int descriptor, const std::filesystem::path& path) {
  struct stat open {
  }, named{};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* doing) {
  throw Error(path.string(), std::string(doing) + ": " + std::strerror(errno),
              "check the folder and its permissions");
}

int lock(int descriptor) {
  int status;
  do {
    status = ::flock(descriptor, LOCK_EX);
  } while (status != 0 && errno == EINTR);
  return status;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) {
  while (true) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(path, "cannot create");
    if (lock(descriptor_) != 0) {
      const int code = errno;
      ::close(descriptor_);
      errno = code;
      fail(path, "cannot lock");
    }
    if (is_at(descriptor_, path)) return;
    ::close(descriptor_);
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

}  // namespace graft
