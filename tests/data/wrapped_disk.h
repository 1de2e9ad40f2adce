// The real disk with a callback before each read, for counting, delaying and failing.
#pragma once

#include <functional>
#include <utility>

#include "tests/support/pass_through_disk.h"

namespace graft::test {

class WrappedDisk : public PassThroughDisk {
 public:
  // `before_read` is called, from any thread, before a file is read or mapped. It may throw.
  explicit WrappedDisk(std::function<void(const std::filesystem::path&)> before_read)
      : before_read_(std::move(before_read)) {}

  std::vector<std::uint8_t> read(const std::filesystem::path& path, std::uint64_t max_bytes) override {
    before_read_(path);
    return PassThroughDisk::read(path, max_bytes);
  }
  std::unique_ptr<FileBytes> map(const std::filesystem::path& path) override {
    before_read_(path);
    return PassThroughDisk::map(path);
  }

 private:
  std::function<void(const std::filesystem::path&)> before_read_;
};

}  // namespace graft::test
