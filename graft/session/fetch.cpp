#include "graft/session/model_files.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/data/walk.h"
#include "graft/models/hub_model.h"
#include "graft/models/load.h"
#include "graft/net/archive.h"
#include "graft/net/data_sets.h"
#include "graft/net/hf_hub.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

Fetched fetch_data_set(const DataSetSpec& spec, const fs::path& to, const ProgressCallback& progress) {
  const fs::path folder = to / spec.folder;
  if (is_folder(folder) && disk().list(folder).empty()) disk().remove(folder);
  if (disk().info(folder)) return {folder, true};
  const fs::path archive = fetch(spec.archive, to, progress);
  // Unpacked to a temporary folder and renamed when complete: a folder of that name is always complete.
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
    if (!with_address || (weights != nullptr && (!weights->download.url.empty() || !weights->hub.empty())))
      names.push_back(spec.name);
  }
  return names;
}

void check_fetchable(const std::string& name) {
  if (is_hub_name(name)) {
    parse_hub_name(name);
    return;
  }
  const std::vector<std::string> known = fetchable_names();
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw UsageError(name, "is neither a dataset nor a model", did_you_mean(name, known));
}

Fetched fetch_by_name(const std::string& name, const fs::path& to, const ProgressCallback& progress) {
  for (const DataSetSpec& spec : data_sets()) {
    if (spec.name == name) return fetch_data_set(spec, to, progress);
  }
  check_fetchable(name);
  if (is_hub_name(name)) return {fetch_hub_weights(name, progress)};
  const ModelSpec& spec = find_model(name);
  if (find_pretrained(spec) == nullptr)
    throw Error(name, "has no weights that can be downloaded by name",
                "use a weights file in training with `weights`");
  return {fetch_pretrained(spec, "default", progress)};
}

}  // namespace graft
