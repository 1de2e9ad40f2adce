// A disk that fails at a chosen point, to check the files after a failure.
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "graft/core/error.h"
#include "tests/support/pass_through_disk.h"

namespace graft::test {

// Forwards to the disk in use at construction, and fails as configured. Use:
//
//   FailingDisk failing;
//   failing.bytes_left = 100;  // then writing fails as on a full disk
//   ScopedDisk scope(failing);
class FailingDisk : public PassThroughDisk {
 public:
  std::uint64_t bytes_left = std::numeric_limits<std::uint64_t>::max();  // of all files written
  bool fail_sync = false;
  bool fail_rename = false;

  std::unique_ptr<OutputFile> create(const std::filesystem::path& path) override {
    return std::make_unique<Output>(*this, path, PassThroughDisk::create(path));
  }
  std::unique_ptr<OutputFile> append(const std::filesystem::path& path) override {
    return std::make_unique<Output>(*this, path, PassThroughDisk::append(path));
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (fail_rename) throw Error(to.string(), "cannot rename: the test says so");
    PassThroughDisk::rename(from, to);
  }

 private:
  class Output : public OutputFile {
   public:
    Output(FailingDisk& disk, std::filesystem::path path, std::unique_ptr<OutputFile> file)
        : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

    void write(std::string_view bytes) override {
      const auto fits = std::min<std::uint64_t>(bytes.size(), disk_.bytes_left);
      file_->write(bytes.substr(0, fits));  // a full disk still writes the first part
      disk_.bytes_left -= fits;
      if (fits < bytes.size()) throw Error(path_.string(), "cannot write: No space left on device");
    }
    void sync() override {
      if (disk_.fail_sync) throw Error(path_.string(), "cannot flush to disk: the test says so");
      file_->sync();
    }
    void close() override { file_->close(); }

   private:
    FailingDisk& disk_;
    std::filesystem::path path_;
    std::unique_ptr<OutputFile> file_;
  };
};

}  // namespace graft::test
