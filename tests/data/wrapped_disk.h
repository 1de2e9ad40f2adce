// The real disk with a word before each reading: for counting, delaying and failing.
#pragma once

#include <functional>
#include <utility>

#include "graft/core/files.h"

namespace graft::test {

class WrappedDisk : public Files {
 public:
  // `before_read` is called, from any thread, before a file is read or mapped. It may throw.
  explicit WrappedDisk(std::function<void(const std::filesystem::path&)> before_read)
      : before_read_(std::move(before_read)) {}

  std::vector<std::uint8_t> read(const std::filesystem::path& path, std::uint64_t max_bytes) override {
    before_read_(path);
    return real_.read(path, max_bytes);
  }
  std::unique_ptr<FileBytes> map(const std::filesystem::path& path) override {
    before_read_(path);
    return real_.map(path);
  }
  std::optional<FileInfo> info(const std::filesystem::path& path) override { return real_.info(path); }
  std::vector<DirectoryEntry> list(const std::filesystem::path& folder) override {
    return real_.list(folder);
  }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path) override {
    return real_.create(path);
  }
  std::unique_ptr<OutputFile> append(const std::filesystem::path& path) override {
    return real_.append(path);
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    real_.rename(from, to);
  }
  void remove(const std::filesystem::path& path) override { real_.remove(path); }
  void make_directories(const std::filesystem::path& folder) override { real_.make_directories(folder); }
  void sync_directory(const std::filesystem::path& folder) override { real_.sync_directory(folder); }

 private:
  Files& real_ = disk();
  std::function<void(const std::filesystem::path&)> before_read_;
};

}  // namespace graft::test
