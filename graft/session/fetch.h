// Downloads weights and datasets by name. This header does not include torch.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/progress.h"

namespace graft {

// The names of datasets and models. `with_address`: only those that can be downloaded.
std::vector<std::string> fetchable_names(bool with_address = false);

// Throws UsageError with the nearest name for an unknown name.
void check_fetchable(const std::string& name);

struct Fetched {
  std::filesystem::path path;
  bool was_there = false;
};

// The default weights of a model, in the hub cache, or a dataset's folder below `to`, which exists only when
// complete. Throws UsageError for an unknown name, and Error.
Fetched fetch_by_name(const std::string& name, const std::filesystem::path& to,
                      const ProgressCallback& progress = {});

}  // namespace graft
