// Weights and data sets that are downloaded by name. No torch in this header.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/progress.h"

namespace graft {

// The names of data sets and models. `with_address`: only of those that can be downloaded.
std::vector<std::string> fetchable_names(bool with_address = false);

// Throws UsageError with the nearest name for one that is not among them.
void check_fetchable(const std::string& name);

struct Fetched {
  std::filesystem::path path;
  bool was_there = false;
};

// The default weights of a model, in the hub cache, or a data set's folder below `to`, unpacked when it is
// whole. Throws UsageError for an unknown name, and Error.
Fetched fetch_by_name(const std::string& name, const std::filesystem::path& to,
                      const ProgressCallback& progress = {});

}  // namespace graft
