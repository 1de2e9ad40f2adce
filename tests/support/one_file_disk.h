// A disk in memory on which every path is the same file: for reading many variants of a file quickly.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"

namespace graft::test {

// Reads return the current `contents`; everything else is an Error. Use with ScopedDisk.
class OneFileDisk : public Files {
 public:
  std::vector<std::uint8_t> contents;

  std::optional<FileInfo> info(const std::filesystem::path&) override {
    FileInfo info;
    info.kind = FileKind::regular;
    info.size = contents.size();
    return info;
  }
  std::vector<std::uint8_t> read(const std::filesystem::path&, std::uint64_t) override { return contents; }
  // A copy of exactly the contents, so that a sanitizer detects a read past their end.
  std::unique_ptr<FileBytes> map(const std::filesystem::path&) override {
    return std::make_unique<Bytes>(contents);
  }

  std::vector<DirectoryEntry> list(const std::filesystem::path& path) override { refuse(path); }
  std::optional<std::filesystem::path> resolve(const std::filesystem::path& path) override { return path; }
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path) override { refuse(path); }
  std::unique_ptr<OutputFile> append(const std::filesystem::path& path) override { refuse(path); }
  bool can_replace(const std::filesystem::path&) override { return false; }
  void rename(const std::filesystem::path&, const std::filesystem::path& to) override { refuse(to); }
  void link(const std::filesystem::path&, const std::filesystem::path& path) override { refuse(path); }
  void remove(const std::filesystem::path& path) override { refuse(path); }
  void set_permissions(const std::filesystem::path& path, std::uint32_t) override { refuse(path); }
  bool make_directory(const std::filesystem::path& path) override { refuse(path); }
  void make_directories(const std::filesystem::path& path) override { refuse(path); }
  void sync_directory(const std::filesystem::path& path) override { refuse(path); }

 private:
  class Bytes : public FileBytes {
   public:
    explicit Bytes(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
    std::span<const std::uint8_t> bytes() const override { return bytes_; }

   private:
    std::vector<std::uint8_t> bytes_;
  };

  [[noreturn]] static void refuse(const std::filesystem::path& path) {
    throw Error(path.string(), "is on a disk that can only be read");
  }
};

}  // namespace graft::test
