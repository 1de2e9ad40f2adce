#include "graft/train/feature_cache.h"

#include <cstring>
#include <sstream>
#include <string_view>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/core/user_folders.h"
#include "graft/image/alpha.h"
#include "graft/models/load.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::size_t key_digits_in_name = 16;

void describe(const Preprocess& p, std::ostream& out) {
  out << p.resize << ' ' << p.crop << ' ' << to_string(p.interpolation);
  for (const float value : p.mean) out << ' ' << value;
  for (const float value : p.std) out << ' ' << value;
  // Features cached before `fit` existed used crop and stay valid.
  if (p.fit != Fit::crop) out << ' ' << EnumNames<Fit>::names[static_cast<std::size_t>(p.fit)];
}

std::string sha256_hex_of(const std::string& text) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

struct CachedRows {
  torch::Tensor features, hashes, views;  // n×F float32, n×64 uint8 (hexadecimal digits), n int32
};

// Empty if the file holds something else.
std::optional<CachedRows> cached_rows(const StateDict& state, std::int64_t width) {
  const TensorView* features = state.find("features");
  const TensorView* hashes = state.find("hashes");
  const TensorView* views = state.find("views");
  if (features == nullptr || hashes == nullptr || views == nullptr) return std::nullopt;
  CachedRows table{to_tensor(*features).clone(), to_tensor(*hashes).clone(), to_tensor(*views).clone()};
  const std::int64_t n = table.views.dim() == 1 ? table.views.size(0) : -1;
  const bool fits = table.features.sizes() == torch::IntArrayRef({n, width}) &&
                    table.hashes.sizes() == torch::IntArrayRef({n, static_cast<std::int64_t>(hash_digits)}) &&
                    table.features.scalar_type() == torch::kFloat32 &&
                    table.hashes.scalar_type() == torch::kUInt8 && table.views.scalar_type() == torch::kInt32;
  if (!fits || !table.features.isfinite().all().item<bool>()) return std::nullopt;
  return table;
}

// A link is none of the cache's: it may lead anywhere.
bool is_link(const std::filesystem::path& path) { return disk().resolve(path) != path; }

// save() reports what is wrong with an inaccessible path or one that is not a file.
bool is_file(const std::filesystem::path& path) {
  try {
    const auto info = disk().info(path);
    return info && info->kind == FileKind::regular && !is_link(path);
  } catch (const Error&) {
    return false;
  }
}

NamedTensor named(const std::string& name, const torch::Tensor& tensor, DType dtype) {
  const auto* bytes = static_cast<const std::uint8_t*>(tensor.const_data_ptr());
  return {name, {dtype, tensor.sizes().vec(), {bytes, tensor.nbytes()}}};
}

}  // namespace

std::optional<std::filesystem::path> default_feature_folder() {
  const auto cache = cache_folder();
  if (!cache) return std::nullopt;
  return *cache / "graft/features";
}

std::string feature_key(const Network& network, const Preprocess& preprocess, std::uint64_t max_pixels,
                        const AugmentOptions& augmentation) {
  std::ostringstream text;
  describe(preprocess, text);
  if (preprocess.exif) text << " exif";
  if (const auto background = background_of(preprocess.alpha)) text << " alpha=" << to_string(*background);
  text << ' ' << EnumNames<DecodeMode>::names[static_cast<std::size_t>(preprocess.decode)] << ' '
       << augmentation.min_scale;
  // A picture above the limit is an error or skipped: it must not be found in the cache of a higher limit.
  if (max_pixels != DecodeOptions().max_pixels) text << " max_pixels=" << max_pixels;
  AugmentOptions others = augmentation;
  if (others.any()) {
    for (const OptionRef& option : options_in(others, augment_options)) {
      if (option.name != "min_scale") text << ' ' << option.name << '=' << option.text();
    }
  }
  const StateDict state = state_of(network);
  for (const NamedTensor& tensor : state.tensors) {
    if (tensor.name.starts_with(network.head_name() + ".")) continue;
    text << '\n' << tensor.name << ' ' << sha256_hex(tensor.tensor.bytes);
  }
  return sha256_hex_of(text.str());
}

FeatureCache::FeatureCache(const std::filesystem::path& folder, const std::string& name,
                           const std::string& key, std::int64_t width)
    : path_(folder / (name + "-" + key.substr(0, key_digits_in_name) + ".safetensors")) {
  if (!is_file(path_)) return;
  std::optional<CachedRows> table;
  try {
    const StateDict state = read_safetensors(path_);
    verify_checksum(path_, state);
    table = cached_rows(state, width);
  } catch (const Error& error) {
    damage_ = path_.string() + ": " + error.problem();
    return;
  }
  if (!table) {
    damage_ = path_.string() + ": holds tensors that are not features, or values that are not finite";
    return;
  }
  const auto* digits = reinterpret_cast<const char*>(table->hashes.const_data_ptr<std::uint8_t>());
  const auto* views = table->views.const_data_ptr<std::int32_t>();
  for (std::int64_t i = 0; i < table->views.size(0); ++i) {
    const std::string_view hash(digits + static_cast<std::size_t>(i) * hash_digits, hash_digits);
    rows_[{std::string(hash), views[i]}] = table->features[i];
  }
}

torch::Tensor FeatureCache::find(const Row& row) {
  const auto found = rows_.find(row);
  if (found == rows_.end()) return {};
  used_.insert(row);
  return found->second;
}

void FeatureCache::add(const Row& row, torch::Tensor features) {
  rows_[row] = std::move(features);
  used_.insert(row);
  changed_ = true;
}

void FeatureCache::save(std::uint64_t most_bytes) {
  if (!changed_ || path_.empty()) return;
  const auto bytes_of_rows = [&](std::size_t rows) {
    return rows * (rows_.begin()->second.nbytes() + hash_digits + sizeof(std::int32_t));
  };
  if (bytes_of_rows(used_.size()) > most_bytes) return;
  if (bytes_of_rows(rows_.size()) > most_bytes)
    std::erase_if(rows_, [&](const auto& entry) { return !used_.contains(entry.first); });
  std::vector<torch::Tensor> features;
  const auto n = static_cast<std::int64_t>(rows_.size());
  torch::Tensor hashes = torch::empty({n, static_cast<std::int64_t>(hash_digits)}, torch::kUInt8);
  torch::Tensor views = torch::empty({n}, torch::kInt32);
  auto* digits = hashes.mutable_data_ptr<std::uint8_t>();
  auto* view = views.mutable_data_ptr<std::int32_t>();
  for (const auto& [row, values] : rows_) {
    features.push_back(values);
    std::memcpy(digits, row.first.data(), hash_digits);
    digits += hash_digits;
    *view++ = row.second;
  }
  const torch::Tensor table = torch::stack(features);
  const std::vector<NamedTensor> tensors = {named("features", table, DType::float32),
                                            named("hashes", hashes, DType::uint8),
                                            named("views", views, DType::int32)};
  disk().make_directories(path_.parent_path());
  const auto there = disk().info(path_);
  if (is_link(path_) || (there && there->kind != FileKind::regular))
    throw Error(path_.string(), "is not a regular file", "remove it");
  write_with_checksum(path_, tensors, {{"format", "graft-features"}, {"format_version", "1"}});
  changed_ = false;
}

}  // namespace graft
