// Unpacks a dataset's zip archive safely: entries outside the folder, links, devices, and more bytes than the
// limit are refused before anything is written.
#pragma once

#include <cstdint>
#include <filesystem>

#include "graft/core/progress.h"

namespace graft {

struct UnpackOptions {
  std::uint64_t max_bytes = 8ULL << 30;  // of all files, unpacked
  std::uint64_t max_entries = 2'000'000;
};

// Unpacks into `folder`, which is created if it does not exist. Existing files are replaced.
void unpack_zip(const std::filesystem::path& archive, const std::filesystem::path& folder,
                const UnpackOptions& options = {}, const ProgressCallback& progress = {});

}  // namespace graft
