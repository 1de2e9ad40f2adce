// Features of pictures on the disk, so that a network looks at a picture once and not once a run. A row
// belongs to a picture by the hash of its file's bytes: names, folders and classes may change. One file
// belongs to a backbone and a preparation of pictures (docs/formats/features.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "graft/data/augment_options.h"
#include "graft/data/preprocess.h"
#include "graft/device/torch.h"
#include "graft/models/network.h"

namespace graft {

// graft/features in the user's cache folder (core/user_folders.h). Nothing where the user has none.
std::optional<std::filesystem::path> default_feature_folder();

// What decides a row beside the picture itself: the backbone's tensors, the preparation, how files are
// decoded, and for views that are random crops the augmentation. In hexadecimal.
std::string feature_key(const Network& network, const Preprocess& preprocess, std::uint64_t max_pixels,
                        const AugmentOptions& augmentation);

class FeatureCache {
 public:
  // One that remembers nothing beyond its own life.
  FeatureCache() = default;
  // Reads folder/NAME-KEY.safetensors where it is there; one that cannot be reached or read, is damaged, or
  // holds what is no row of `width` features, counts as empty and is replaced by save(). `name` is for
  // people.
  FeatureCache(const std::filesystem::path& folder, const std::string& name, const std::string& key,
               std::int64_t width);

  // A picture's file and which view of it, as probe.h counts them.
  using Row = std::pair<std::string, int>;  // SHA-256 in hexadecimal, view

  // The features of a row (F, float32), or undefined.
  torch::Tensor find(const Row& row);
  void add(const Row& row, torch::Tensor features);
  // Writes what was added, atomically. Rows that this object was never asked for go first where the file
  // would grow above `most_bytes`; where that is not enough nothing is written. Throws Error.
  void save(std::uint64_t most_bytes = std::uint64_t{2} << 30);

  std::size_t size() const { return rows_.size(); }
  // The file that was there and what is wrong with it, where it counts as empty; else empty.
  const std::string& damage() const { return damage_; }

 private:
  std::filesystem::path path_;
  std::string damage_;
  std::map<Row, torch::Tensor> rows_;
  std::set<Row> used_;
  bool changed_ = false;
};

}  // namespace graft
