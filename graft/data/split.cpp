#include "graft/data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/random.h"
#include "graft/core/text.h"
#include "graft/data/random_streams.h"

namespace graft {
namespace {

// A sample with its random rank for validation.
struct Ticket {
  std::uint64_t number;
  std::string_view path;  // breaks ties
  std::size_t sample;

  bool operator<(const Ticket& other) const {
    return std::pair(number, path) < std::pair(other.number, other.path);
  }
};

// FNV-1a (Fowler, Noll and Vo), 64 bits.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xCBF29CE484222325ULL;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return value;
}

// Groups of samples that are split separately: by label, or for numbers by quantile.
struct Strata {
  std::size_t count = 0;
  std::vector<std::size_t> of_sample;
};

constexpr std::size_t max_quantiles = 10, samples_for_a_quantile = 5;

Strata strata_of(const Folder& folder) {
  Strata strata{folder.num_labels(), {}};
  for (const Sample& sample : folder.samples)
    strata.of_sample.push_back(static_cast<std::size_t>(sample.label));
  if (folder.kind() != LabelKind::number) return strata;
  const std::size_t samples = folder.samples.size();
  std::vector<std::size_t> order(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) {
    return std::pair(folder.numbers[strata.of_sample[i]], std::string_view(folder.samples[i].path));
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  Strata quantiles{std::clamp<std::size_t>(samples / samples_for_a_quantile, 1, max_quantiles),
                   std::vector<std::size_t>(samples)};
  for (std::size_t place = 0; place < samples; ++place)
    quantiles.of_sample[order[place]] = place * quantiles.count / samples;
  return quantiles;
}

std::vector<std::vector<Ticket>> tickets_by_stratum(const Folder& folder, std::uint64_t seed) {
  const std::string root = (folder.root / "").string();
  const Strata strata = strata_of(folder);
  std::vector<std::vector<Ticket>> tickets(strata.count);
  for (std::size_t i = 0; i < folder.samples.size(); ++i) {
    const Sample& sample = folder.samples[i];
    std::string_view below_root = sample.path;
    if (below_root.starts_with(root)) below_root.remove_prefix(root.size());
    const std::uint64_t number = Random(seed, 0, hash(below_root), random_stream::split).bits();
    tickets[strata.of_sample[i]].push_back({number, below_root, i});
  }
  return tickets;
}

std::size_t validation_count(std::size_t samples, double fraction) {
  if (samples < 2) return 0;
  const auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(samples) * fraction));
  return std::clamp<std::size_t>(wanted, 1, samples - 1);
}

}  // namespace

Split stratified_split(Folder folder, double fraction, std::uint64_t seed) {
  std::vector<bool> in_val(folder.samples.size(), false);
  for (auto& tickets : tickets_by_stratum(folder, seed)) {
    const std::size_t count = validation_count(tickets.size(), fraction);
    std::partial_sort(tickets.begin(), tickets.begin() + static_cast<std::ptrdiff_t>(count), tickets.end());
    for (std::size_t i = 0; i < count; ++i) in_val[tickets[i].sample] = true;
  }
  Split split;
  const auto val_count = static_cast<std::size_t>(std::count(in_val.begin(), in_val.end(), true));
  split.val.reserve(val_count);
  split.train.reserve(in_val.size() - val_count);
  for (std::size_t i = 0; i < in_val.size(); ++i) {
    (in_val[i] ? split.val : split.train).push_back(std::move(folder.samples[i]));
  }
  return split;
}

std::vector<std::string> names_of_empty(const Folder& folder) {
  std::vector<std::string> names;
  const auto counts = folder.count_per_class();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) names.push_back("\"" + folder.classes[i] + "\"");
  }
  return names;
}

// An empty class and one without a folder look the same in the metrics: neither is evaluated.
void warn_of_empty(const Folder& folder, const std::string& where, std::vector<std::string>& warnings) {
  const auto names = names_of_empty(folder);
  if (names.empty()) return;
  warnings.push_back(where + ": no pictures of " + shorten_list(names));
}

void split_off_validation(TrainingData& data, const DataOptions& options, const std::string& where) {
  data.val.root = data.train.root;
  data.val.classes = data.train.classes;
  data.val.class_sets = data.train.class_sets;
  data.val.numbers = data.train.numbers;
  data.val.sources = data.train.sources;
  Folder whole = data.val;
  whole.samples = std::move(data.train.samples);
  Split split = stratified_split(std::move(whole), options.val_fraction, options.split_seed);
  data.split = true;
  data.val.samples = std::move(split.val);
  data.train.samples = std::move(split.train);
  if (data.val.samples.empty()) {
    throw Error(where, "has one picture per class, so none is left for validation", "add pictures");
  }
  warn_of_empty(data.val, where + " (validation part)", data.warnings);
}

}  // namespace graft
