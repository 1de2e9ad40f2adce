#include "graft/run/run_lock.h"

#include <unistd.h>

#include <optional>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

struct Owner {
  std::string host, process;  // empty where the file does not say
};

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? name : "localhost";
}

Owner owner_of(const std::string& text) {
  const std::vector<std::string> lines = split(text, '\n');
  return lines.size() < 3 ? Owner() : Owner{shorten(lines[0]), shorten(lines[1])};
}

std::string words_of(const Owner& owner) {
  return owner.host.empty() ? "another process" : "process " + owner.process + " on " + owner.host;
}

// Of a file that another process holds.
Owner owner_at(const std::filesystem::path& path) {
  try {
    return owner_of(read_text(path));
  } catch (const Error&) {  // it was removed meanwhile
    return {};
  }
}

// The lock, which is free or was left behind by a process of this host.
FileLock open_lock(const RunFolder& run) {
  std::optional<FileLock> lock = FileLock::take_if_free(run.lock());
  if (!lock)
    throw Error(run.path().string(), "is being written by " + words_of(owner_at(run.lock())),
                "wait until it has ended, or use another folder");
  const std::string text = lock->text();
  const Owner owner = owner_of(text);
  if (!text.empty() && owner.host.empty() && !is_run_folder(run.path()))
    throw Error(run.lock().string(), "is not the lock of a run", "remove it, or use another folder");
  if (!owner.host.empty() && owner.host != host_name())
    throw Error(run.path().string(), "is being written by " + words_of(owner) + ", or was when that ended",
                "remove " + run.lock().string() + " when that process is gone");
  return std::move(*lock);
}

FileLock take(const RunFolder& run) {
  FileLock lock = open_lock(run);
  lock.set_text(host_name() + "\n" + std::to_string(::getpid()) + "\n");
  return lock;
}

}  // namespace

RunLock::RunLock(const RunFolder& run) : lock_(take(run)) {}

// A lock that was moved from holds no file; the other one removes it.
RunLock::~RunLock() { lock_.remove(); }

void check_not_held(const RunFolder& run) {
  if (disk().info(run.lock())) open_lock(run);
}

}  // namespace graft
