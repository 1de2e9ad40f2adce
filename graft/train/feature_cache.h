// A cache of features on disk, so that a network processes a picture once and not once per run. The key of a
// row is the hash of the picture file's bytes: names, folders and classes may change. There is one file for
// each backbone and preprocess (docs/formats/features.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "graft/data/preprocess.h"
#include "graft/device/torch.h"
#include "graft/models/network.h"

namespace graft {

// graft/features in the user's cache folder (core/user_folders.h). Empty if the user has none.
std::optional<std::filesystem::path> default_feature_folder();

// A hexadecimal key of everything that determines a row besides the picture: the backbone's tensors, the
// preprocess, the decoding options, and for random crops the augmentation.
std::string feature_key(const Network& network, const Preprocess& preprocess, std::uint64_t max_pixels,
                        const AugmentOptions& augmentation);

class FeatureCache {
 public:
  // A cache in memory, without a file.
  FeatureCache() = default;
  // Reads folder/NAME-KEY.safetensors if it exists. A file that is inaccessible, unreadable, damaged, or has
  // rows of other than `width` features counts as empty and is replaced by save(). `name` is for people.
  FeatureCache(const std::filesystem::path& folder, const std::string& name, const std::string& key,
               std::int64_t width);

  // A picture's file and the number of the view (probe.h).
  using Row = std::pair<std::string, int>;  // SHA-256 in hexadecimal, view

  // The features of a row (F, float32), or undefined.
  torch::Tensor find(const Row& row);
  void add(const Row& row, torch::Tensor features);
  // Writes the added rows, atomically. If the file would exceed `most_bytes`, rows that this object did not
  // use are removed; if that is not enough, nothing is written. Throws Error.
  void save(std::uint64_t most_bytes = std::uint64_t{2} << 30);

  std::size_t size() const { return rows_.size(); }
  // The existing file and what is wrong with it, if it counts as empty; else empty.
  const std::string& damage() const { return damage_; }

 private:
  std::filesystem::path path_;
  std::string damage_;
  std::map<Row, torch::Tensor> rows_;
  std::set<Row> used_;
  bool changed_ = false;
};

}  // namespace graft
