// A disk whose n-th call fails, to test the state after a failure at every n.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "tests/support/pass_through_disk.h"

namespace graft::test {

// Counts calls that open, write, flush, close, rename, remove, create or list; the call number `fail_at`
// (from 0) fails as the system would with `error`, and with `lasting` so does every later call that needs
// space.
class FaultyDisk : public PassThroughDisk {
 public:
  std::int64_t fail_at = -1;
  int error = 0;  // an errno
  bool lasting = false;

  std::int64_t calls() const { return calls_; }
  bool has_failed() const { return failed_; }
  // The paths of the failed calls, in order.
  const std::vector<std::filesystem::path>& failed_paths() const { return failed_paths_; }
  // The same without read-only calls.
  const std::vector<std::filesystem::path>& failed_writes() const { return failed_writes_; }

  std::vector<std::uint8_t> read(const std::filesystem::path& path, std::uint64_t max_bytes) override {
    check_read(path, "cannot open");
    return PassThroughDisk::read(path, max_bytes);
  }
  std::unique_ptr<FileBytes> map(const std::filesystem::path& path) override {
    check_read(path, "cannot open");
    return PassThroughDisk::map(path);
  }
  std::vector<DirectoryEntry> list(const std::filesystem::path& folder) override {
    check_read(folder, "cannot list");
    return PassThroughDisk::list(folder);
  }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path) override {
    check(path, "cannot create", true);
    return std::make_unique<Output>(*this, path, PassThroughDisk::create(path));
  }
  std::unique_ptr<OutputFile> append(const std::filesystem::path& path) override {
    check(path, "cannot create", true);
    return std::make_unique<Output>(*this, path, PassThroughDisk::append(path));
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    check(to, "cannot rename", true);
    PassThroughDisk::rename(from, to);
  }
  void link(const std::filesystem::path& target, const std::filesystem::path& path) override {
    check(path, "cannot create a symbolic link", true);
    PassThroughDisk::link(target, path);
  }
  void remove(const std::filesystem::path& path) override {
    check(path, "cannot remove", false);
    PassThroughDisk::remove(path);
  }
  bool make_directory(const std::filesystem::path& folder) override {
    check(folder, "cannot make", true);
    return PassThroughDisk::make_directory(folder);
  }
  void make_directories(const std::filesystem::path& folder) override {
    check(folder, "cannot make", true);
    PassThroughDisk::make_directories(folder);
  }
  void sync_directory(const std::filesystem::path& folder) override {
    check(folder, "cannot flush to disk", false);
    PassThroughDisk::sync_directory(folder);
  }

 private:
  void check_read(const std::filesystem::path& path, const char* what) {
    if (calls_++ == fail_at) fail(path, what);
  }
  void check(const std::filesystem::path& path, const char* what, bool takes_room) {
    const bool now = calls_++ == fail_at, still = failed_ && lasting && takes_room;
    if (!now && !still) return;
    failed_writes_.push_back(path);
    fail(path, what);
  }
  [[noreturn]] void fail(const std::filesystem::path& path, const char* what) {
    failed_ = true;
    failed_paths_.push_back(path);
    throw Error(path.string(), std::string(what) + ": " + std::strerror(error));
  }

  class Output : public OutputFile {
   public:
    Output(FaultyDisk& disk, std::filesystem::path path, std::unique_ptr<OutputFile> file)
        : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

    void write(std::string_view bytes) override {
      try {
        disk_.check(path_, "cannot write", true);
      } catch (const Error&) {
        file_->write(bytes.substr(0, bytes.size() / 2));  // a full disk still accepts the first part
        throw;
      }
      file_->write(bytes);
    }
    void sync() override {
      disk_.check(path_, "cannot flush to disk", false);
      file_->sync();
    }
    void close() override {
      disk_.check(path_, "cannot close", false);
      file_->close();
    }

   private:
    FaultyDisk& disk_;
    std::filesystem::path path_;
    std::unique_ptr<OutputFile> file_;
  };

  std::int64_t calls_ = 0;
  bool failed_ = false;
  std::vector<std::filesystem::path> failed_paths_, failed_writes_;
};

}  // namespace graft::test
