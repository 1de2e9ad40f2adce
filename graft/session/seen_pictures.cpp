#include "graft/session/seen_pictures.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/session/resume.h"

namespace graft {
namespace {

// Empty for a file that cannot be read, which the loader reports.
std::string hash_or_empty(const std::string& path) {
  try {
    return sha256_hex_of_file(path);
  } catch (const Error&) {
    return "";
  }
}

std::optional<std::uint64_t> size_of_file(const Sample& sample) {
  if (sample.source != nullptr) return std::nullopt;
  const auto info = disk().info(sample.path);
  return info && info->kind == FileKind::regular ? std::optional(info->size) : std::nullopt;
}

}  // namespace

std::optional<TrainingData> parts_of_run(const RunFolder& run) {
  try {
    const RunRecord record = recorded_run(run, {}, {});
    return open_data_set(record.data, record.recipe.data);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void SeenPictures::add(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    if (const auto size = size_of_file(sample)) by_size_[*size].paths.push_back(sample.path);
  }
}

bool SeenPictures::has(const Sample& sample) {
  const auto size = size_of_file(sample);
  const auto found = size ? by_size_.find(*size) : by_size_.end();
  if (found == by_size_.end()) return false;
  SameSize& same = found->second;
  for (const std::string& path : same.paths) same.hashes.insert(hash_or_empty(path));
  same.paths.clear();
  const std::string hash = hash_or_empty(sample.path);
  return !hash.empty() && same.hashes.contains(hash);
}

std::size_t SeenPictures::count(const std::vector<Sample>& samples) {
  return static_cast<std::size_t>(
      std::count_if(samples.begin(), samples.end(), [this](const Sample& sample) { return has(sample); }));
}

}  // namespace graft
