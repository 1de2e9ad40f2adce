#include "graft/data/split.h"

#include <algorithm>
#include <cmath>
#include <iterator>
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

// `repeat` and `stream`: as Random's epoch and stream.
std::vector<std::vector<Ticket>> tickets_by_stratum(const Folder& folder, const Strata& strata,
                                                    std::uint64_t seed, std::uint64_t repeat,
                                                    std::uint64_t stream) {
  const std::string root = (folder.root / "").string();
  std::vector<std::vector<Ticket>> tickets(strata.count);
  for (std::size_t i = 0; i < folder.samples.size(); ++i) {
    const Sample& sample = folder.samples[i];
    std::string_view below_root = sample.path;
    if (below_root.starts_with(root)) below_root.remove_prefix(root.size());
    const std::uint64_t number = Random(seed, repeat, hash(below_root), stream).bits();
    tickets[strata.of_sample[i]].push_back({number, below_root, i});
  }
  return tickets;
}

// Gives strata of fewer than `least` samples one number.
void join_rare(Strata& strata, std::size_t least) {
  std::vector<std::size_t> sizes(strata.count, 0);
  for (const std::size_t stratum : strata.of_sample) ++sizes[stratum];
  for (std::size_t& stratum : strata.of_sample) stratum = sizes[stratum] < least ? strata.count : stratum;
  ++strata.count;
}

std::size_t validation_count(std::size_t samples, double fraction) {
  if (samples < 2) return 0;
  const auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(samples) * fraction));
  return std::clamp<std::size_t>(wanted, 1, samples - 1);
}

// A part with the labels of `whole` and without samples.
Folder empty_part(const Folder& whole) {
  Folder part;
  part.root = whole.root;
  part.classes = whole.classes;
  part.class_sets = whole.class_sets;
  part.numbers = whole.numbers;
  part.sources = whole.sources;
  part.table = whole.table;
  return part;
}

void split_off_part(Folder& train, Folder& part, double fraction, std::uint64_t seed, SplitUse use) {
  part = empty_part(train);
  Folder whole = part;
  whole.samples = std::move(train.samples);
  Split split = stratified_split(std::move(whole), fraction, seed, use);
  part.samples = std::move(split.val);
  train.samples = std::move(split.train);
}

// The folder that holds both, so that names below it do not depend on where the data are.
std::filesystem::path common_folder(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::filesystem::path common;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end() && *i == *j; ++i, ++j) common /= *i;
  return common;
}

// Keeps the order by label.
void join_validation(TrainingData& data) {
  data.train.root = common_folder(data.train.root, data.val.root);
  append_samples(data.train, data.val);
  std::stable_sort(data.train.samples.begin(), data.train.samples.end(),
                   [](const Sample& a, const Sample& b) { return a.label < b.label; });
}

// `most`: the largest number of folds that is possible.
std::string advice_for_folds(std::size_t most, const TrainingData& data) {
  const std::string more = data.test_split ? "a smaller `test_fraction`, or add pictures" : "";
  if (most < 2) return more.empty() ? "add pictures" : "give " + more;
  return "give fewer folds, or " + (more.empty() ? "add pictures" : more);
}

void check_folds(const DataOptions& options, const TrainingData& data) {
  const std::size_t pictures = data.train.samples.size();
  const int models = options.folds * options.repeats;
  if (options.folds == 1)
    throw UsageError("`folds`", "is 1, which leaves nothing to train on",
                     "give 2 or more, or 0 for no cross-validation");
  if (static_cast<std::size_t>(options.folds) > pictures)
    throw UsageError("`folds`",
                     "is " + std::to_string(options.folds) + ", and there are " +
                         counted(pictures, "picture") + " to divide",
                     advice_for_folds(pictures, data));
  if (options.fold > models)
    throw UsageError("`fold`", "is " + std::to_string(options.fold) + " of " + std::to_string(models),
                     "give one from 1 to " + std::to_string(models));
}

// Leaves in `train` what the model of the fold is trained on; for fold 0 everything.
void divide_into_folds(TrainingData& data, const DataOptions& options, const std::string& where) {
  check_folds(options, data);
  data.folded = true;
  Folder whole = std::move(data.train);
  data.train = empty_part(whole);
  data.val = empty_part(whole);
  const int repeat = options.fold == 0 ? 0 : (options.fold - 1) / options.folds;
  const int held_out = options.fold == 0 ? -2 : (options.fold - 1) % options.folds;
  const std::vector<int> fold_of = stratified_folds(whole, options.folds, options.split_seed, repeat);
  if (const auto never = std::count(fold_of.begin(), fold_of.end(), -1); never > 0)
    data.warnings.push_back(where + ": " + counted(never, "class") + " of one picture " +
                            (never == 1 ? "is" : "are") + " never held out, and not measured");
  const auto may_be_held_out = static_cast<std::size_t>(
      std::count_if(fold_of.begin(), fold_of.end(), [](int fold) { return fold >= 0; }));
  if (may_be_held_out < static_cast<std::size_t>(options.folds))
    throw UsageError("`folds`",
                     "is " + std::to_string(options.folds) + ", and only " +
                         counted(may_be_held_out, "picture") +
                         " can be held out: the only one of its class never is",
                     advice_for_folds(may_be_held_out, data));
  for (std::size_t i = 0; i < fold_of.size(); ++i)
    (fold_of[i] == held_out ? data.val : data.train).samples.push_back(std::move(whole.samples[i]));
}

}  // namespace

Split stratified_split(Folder folder, double fraction, std::uint64_t seed, SplitUse use) {
  std::vector<bool> in_val(folder.samples.size(), false);
  const std::uint64_t stream = use == SplitUse::test ? random_stream::test_split : random_stream::split;
  for (auto& tickets : tickets_by_stratum(folder, strata_of(folder), seed, 0, stream)) {
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

void append_samples(Folder& folder, Folder& part) {
  folder.samples.insert(folder.samples.end(), std::make_move_iterator(part.samples.begin()),
                        std::make_move_iterator(part.samples.end()));
  folder.sources.insert(folder.sources.end(), part.sources.begin(), part.sources.end());
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

std::vector<int> stratified_folds(const Folder& folder, int folds, std::uint64_t seed, int repeat) {
  Strata strata = strata_of(folder);
  if (folder.kind() == LabelKind::multi) join_rare(strata, static_cast<std::size_t>(folds));
  std::vector<int> fold_of(folder.samples.size(), -1);
  std::size_t next = 0;  // continues over the strata, so that no fold gets all of the remainders
  for (auto& tickets :
       tickets_by_stratum(folder, strata, seed, static_cast<std::uint64_t>(repeat), random_stream::folds)) {
    if (tickets.size() < 2 && folder.kind() == LabelKind::single) continue;
    std::sort(tickets.begin(), tickets.end());
    for (const Ticket& ticket : tickets)
      fold_of[ticket.sample] = static_cast<int>(next++ % static_cast<std::size_t>(folds));
  }
  return fold_of;
}

void divide(TrainingData& data, const DataOptions& options, bool has_val, const std::string& where) {
  if (data.test.samples.empty() && options.test_fraction > 0) {
    split_off_part(data.train, data.test, options.test_fraction, options.split_seed, SplitUse::test);
    data.test_split = true;
    if (data.test.samples.empty())
      throw Error(where, "has one picture per class, so none is left for a test", "add pictures");
    warn_of_empty(data.test, where + " (test part)", data.warnings);
  }
  if (options.folds > 0) {
    if (has_val) join_validation(data);
    return divide_into_folds(data, options, where);
  }
  if (has_val) return;
  split_off_part(data.train, data.val, options.val_fraction, options.split_seed, SplitUse::validation);
  data.split = true;
  if (data.val.samples.empty())
    throw Error(where,
                data.test_split ? "has too few pictures per class for a test part and a validation part"
                                : "has one picture per class, so none is left for validation",
                data.test_split ? "add pictures, or leave `test_fraction` out" : "add pictures");
  warn_of_empty(data.val, where + " (validation part)", data.warnings);
}

}  // namespace graft
