#include "graft/session/fetch.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/load.h"
#include "graft/net/archive.h"
#include "graft/net/data_sets.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// The folders of `path` that are not there, the innermost first.
std::vector<fs::path> missing_folders(fs::path path) {
  std::vector<fs::path> missing;
  for (; !path.empty() && !disk().info(path); path = path.parent_path()) missing.push_back(path);
  return missing;
}

// An archive that is there in part stays: the next try continues it.
void remove_empty(const std::vector<fs::path>& folders) {
  for (const auto& folder : folders) {
    if (!disk().info(folder)) continue;
    if (!disk().list(folder).empty()) return;
    disk().remove(folder);
  }
}

fs::path fetch_archive(const DataSetSpec& spec, const fs::path& to, const ProgressCallback& progress) {
  const auto made = missing_folders(to);
  try {
    return fetch(spec.archive, to, progress);
  } catch (const Error&) {
    remove_empty(made);
    throw;
  }
}

Fetched fetch_data_set(const DataSetSpec& spec, const fs::path& to, const ProgressCallback& progress) {
  const fs::path folder = to / spec.folder;
  if (disk().info(folder)) return {folder, true};
  const fs::path archive = fetch_archive(spec, to, progress);
  // Unpacked aside and moved into place when whole: a folder of that name is always all of it.
  const fs::path aside = to / (spec.folder + ".unpacking");
  unpack_zip(archive, aside, {}, progress);
  disk().rename(aside / spec.folder, folder);
  disk().remove(aside);
  disk().remove(archive);
  return {folder};
}

}  // namespace

std::vector<std::string> fetchable_names(bool with_address) {
  std::vector<std::string> names;
  for (const DataSetSpec& spec : data_sets()) names.push_back(spec.name);
  for (const ModelSpec& spec : model_registry()) {
    const PretrainedWeights* weights = find_pretrained(spec);
    if (!with_address || (weights != nullptr && !weights->download.url.empty())) names.push_back(spec.name);
  }
  return names;
}

void check_fetchable(const std::string& name) {
  const std::vector<std::string> known = fetchable_names();
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw UsageError(name, "is neither a data set nor a model", did_you_mean(name, known));
}

Fetched fetch_by_name(const std::string& name, const fs::path& to, const ProgressCallback& progress) {
  for (const DataSetSpec& spec : data_sets()) {
    if (spec.name == name) return fetch_data_set(spec, to, progress);
  }
  check_fetchable(name);
  const ModelSpec& spec = find_model(name);
  if (find_pretrained(spec) == nullptr)
    throw Error(name, "has no weights that can be fetched by name",
                "give a file of weights to a training with `weights`");
  return {fetch_pretrained(spec, "default", progress)};
}

}  // namespace graft
