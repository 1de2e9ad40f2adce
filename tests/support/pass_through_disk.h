// A disk that forwards everything to another one, as a base class of test disks.
#pragma once

#include "graft/core/files.h"

namespace graft::test {

// Forwards to the disk in use at construction.
class PassThroughDisk : public Files {
 public:
  std::optional<FileInfo> info(const std::filesystem::path& path) override { return disk_.info(path); }
  std::vector<DirectoryEntry> list(const std::filesystem::path& folder) override {
    return disk_.list(folder);
  }
  std::vector<std::uint8_t> read(const std::filesystem::path& path, std::uint64_t max_bytes) override {
    return disk_.read(path, max_bytes);
  }
  std::unique_ptr<FileBytes> map(const std::filesystem::path& path) override { return disk_.map(path); }
  std::optional<std::filesystem::path> resolve(const std::filesystem::path& path) override {
    return disk_.resolve(path);
  }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path) override {
    return disk_.create(path);
  }
  std::unique_ptr<OutputFile> append(const std::filesystem::path& path) override {
    return disk_.append(path);
  }
  bool can_replace(const std::filesystem::path& path) override { return disk_.can_replace(path); }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    disk_.rename(from, to);
  }
  void link(const std::filesystem::path& target, const std::filesystem::path& path) override {
    disk_.link(target, path);
  }
  void remove(const std::filesystem::path& path) override { disk_.remove(path); }
  void set_permissions(const std::filesystem::path& path, std::uint32_t permissions) override {
    disk_.set_permissions(path, permissions);
  }
  bool make_directory(const std::filesystem::path& folder) override { return disk_.make_directory(folder); }
  void make_directories(const std::filesystem::path& folder) override { disk_.make_directories(folder); }
  void sync_directory(const std::filesystem::path& folder) override { disk_.sync_directory(folder); }

 private:
  Files& disk_ = disk();
};

}  // namespace graft::test
