#include "graft/run/run_lock.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/core/text.h"

namespace graft {
namespace {

struct Owner {
  std::string host, process;  // empty if not in the file
};

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? name : "localhost";
}

constexpr std::size_t max_lock_bytes = 4096;

// Text in any other format than take() writes gives no owner.
Owner owner_of(const std::string& text) {
  const std::vector<std::string> lines = split(text, '\n');
  if (lines.size() != 3 || lines[0].empty() || lines[0].size() > 255 || !lines[2].empty()) return {};
  const bool name = std::all_of(lines[0].begin(), lines[0].end(), [](char c) { return c > ' ' && c < 0x7F; });
  const bool number =
      !lines[1].empty() && lines[1].size() <= 10 &&
      std::all_of(lines[1].begin(), lines[1].end(), [](char c) { return c >= '0' && c <= '9'; });
  return name && number ? Owner{lines[0], lines[1]} : Owner();
}

std::string words_of(const Owner& owner) {
  return owner.host.empty() ? "another process" : "process " + owner.process + " on " + owner.host;
}

// The owner of a file that another process holds.
Owner owner_at(const std::filesystem::path& path) {
  try {
    const auto bytes = disk().read(path, max_lock_bytes);
    return owner_of({bytes.begin(), bytes.end()});
  } catch (const Error&) {  // removed meanwhile, or not a lock
    return {};
  }
}

// The lock, which is free or left by a process of this host.
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
    throw Error(run.path().string(),
                "is being written by " + words_of(owner) + ", or was when that process ended",
                "remove " + run.lock().string() + " when that process is gone");
  return std::move(*lock);
}

FileLock take(const RunFolder& run) {
  FileLock lock = open_lock(run);
  lock.set_text(host_name() + "\n" + std::to_string(::getpid()) + "\n");
  return lock;
}

}  // namespace

RunLock::RunLock(const RunFolder& run) : folder_(run.path()), lock_(take(run)) {}

// A moved-from lock holds no file; the new one removes it.
RunLock::~RunLock() { lock_.remove(); }

void RunLock::check() const {
  if (lock_.is_in_place()) return;
  throw Error(folder_.string(),
              "was removed, moved or replaced during training; nothing more is written there",
              "start a new run; a run that was moved continues in its new place with `resume`");
}

void check_not_held(const RunFolder& run) {
  if (disk().info(run.lock())) open_lock(run);
}

}  // namespace graft
