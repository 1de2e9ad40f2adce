// Pictures that look alike but are not identical files.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "graft/check/findings.h"
#include "graft/check/near_index.h"

namespace graft {
namespace {

// Pictures whose hashes are near by chance correlate by less than 0.7, and variants of one picture by more
// than 0.9, with few exceptions (docs/check.md).
constexpr double least_likeness = 0.8;

// The relation of two pictures that look alike; also the order of the findings.
enum Relation { two_labels, leaked, repeated, relations };

struct Neighbour {
  std::uint32_t picture = 0;
  int distance = 0;
};
// The nearest picture in each relation.
using Nearest = std::array<std::optional<Neighbour>, relations>;

// The pictures by their hash. Of pictures with the same hash, label and part only the first is compared: a
// thousand equal frames are compared with one frame, not with each other.
class Lookalikes {
 public:
  Lookalikes(const CheckedData& data, int distance)
      : data_(data), firsts_(firsts_by_hash()), index_(values_, distance) {}

  // Searches the pictures before this one.
  Nearest nearest_before(std::uint32_t picture) const {
    Nearest nearest;
    index_.for_each_near(data_.facts[picture].look.bits, [&](std::size_t value, int distance) {
      for (const std::uint32_t other : firsts_[value]) {
        if (other >= picture || !look_alike(other, picture)) continue;
        std::optional<Neighbour>& best = nearest[relation(other, picture)];
        if (!best || std::pair(distance, other) < std::pair(best->distance, best->picture)) {
          best = Neighbour{other, distance};
        }
      }
    });
    return nearest;
  }

  bool is_compared(std::size_t picture) const {
    const PictureFacts& facts = data_.facts[picture];
    return facts.problem.empty() && !facts.look.vague;
  }

 private:
  std::vector<std::vector<std::uint32_t>> firsts_by_hash() {
    std::vector<std::vector<std::uint32_t>> firsts;
    std::unordered_map<std::uint64_t, std::size_t> places;
    for (std::size_t i = 0; i < data_.facts.size(); ++i) {
      if (!is_compared(i)) continue;
      const auto [place, is_new] = places.emplace(data_.facts[i].look.bits, firsts.size());
      if (is_new) {
        firsts.emplace_back();
        values_.push_back(place->first);
      }
      auto& same = firsts[place->second];
      const auto picture = static_cast<std::uint32_t>(i);
      if (std::none_of(same.begin(), same.end(),
                       [&](std::uint32_t other) { return relation(other, picture) == repeated; })) {
        same.push_back(picture);
      }
    }
    return firsts;
  }

  bool look_alike(std::uint32_t a, std::uint32_t b) const {
    const PictureFacts &one = data_.facts[a], &other = data_.facts[b];
    return one.content != other.content && likeness(one.look, other.look) >= least_likeness;
  }

  Relation relation(std::uint32_t a, std::uint32_t b) const {
    if (data_.samples[a].label != data_.samples[b].label) return two_labels;
    return std::string_view(data_.part_of(a)) != data_.part_of(b) ? leaked : repeated;
  }

  const CheckedData& data_;
  std::vector<std::uint64_t> values_;
  std::vector<std::vector<std::uint32_t>> firsts_;
  NearIndex index_;
};

std::string difference(int distance) {
  return distance == 0 ? "equal hashes" : "hashes differ in " + std::to_string(distance) + " of 64 bits";
}

}  // namespace

std::vector<Finding> lookalike_findings(const CheckedData& data, int distance) {
  std::vector<Finding> findings = {
      {"near_two_labels",
       Severity::problem,
       data.labels == LabelKind::single  ? "pictures that look alike in two classes"
       : data.labels == LabelKind::multi ? "pictures that look alike with different classes"
                                         : "pictures that look alike with different numbers",
       "inspect them, and keep the correct one (`near_distance`)",
       {}},
      {"near_leaked",
       Severity::problem,
       data.test == 0 ? "pictures that look alike in training and validation"
                      : "pictures that look alike in two of training, validation and test",
       "inspect them, and keep them in one of them (`near_distance`)",
       {}},
      {"near",
       Severity::note,
       data.labels == LabelKind::single  ? "pictures that look alike in a class"
       : data.labels == LabelKind::multi ? "pictures that look alike with the same classes"
                                         : "pictures that look alike with the same number",
       "inspect them; they add little training data (`near_distance`)",
       {}}};
  const Lookalikes lookalikes(data, distance);
  for (std::uint32_t i = 0; i < data.facts.size(); ++i) {
    if (!lookalikes.is_compared(i)) continue;
    const Nearest nearest = lookalikes.nearest_before(i);
    for (std::size_t relation = 0; relation < relations; ++relation) {
      if (const auto& found = nearest[relation]) {
        const std::string parts = data.parts_of({found->picture, i});
        findings[relation].items.push_back(
            {{found->picture, i}, (parts.empty() ? "" : parts + ", ") + difference(found->distance)});
      }
    }
  }
  return findings;
}

}  // namespace graft
