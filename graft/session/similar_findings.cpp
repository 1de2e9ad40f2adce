#include "graft/session/similar_findings.h"

#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "graft/core/text.h"
#include "graft/infer/nearest.h"

namespace graft {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

// The pairs of identical files, and of pictures that look alike.
std::set<Pair> known_pairs(const CheckReport& report) {
  std::set<Pair> pairs;
  for (const Finding& finding : report.findings) {
    const std::string_view name = finding.name;
    if (!name.starts_with("copies") && !name.starts_with("near")) continue;
    for (const FindingItem& item : finding.items) {
      for (std::size_t i = 1; i < item.pictures.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) pairs.emplace(item.pictures[k], item.pictures[i]);
      }
    }
  }
  return pairs;
}

enum SimilarRelation : std::size_t { of_two_labels, of_two_sides, of_one_class, similar_relations };

SimilarRelation relation_of(const CheckReport& report, const Pair& pair) {
  const auto& [a, b] = pair;
  if (report.pictures[a].label != report.pictures[b].label) return of_two_labels;
  return (a < report.train) != (b < report.train) ? of_two_sides : of_one_class;
}

struct SimilarBefore {
  std::uint32_t picture = 0;
  double cosine = -1;
};

Finding similar_finding(const CheckReport& report, SimilarRelation relation) {
  const bool single = report.labels == LabelKind::single;
  switch (relation) {
    case of_two_labels:
      return {"similar_two_labels",
              Severity::problem,
              single ? "pictures in two classes that are nearly equal to the model"
                     : "pictures with different labels that are nearly equal to the model",
              "inspect them, and keep the correct one (`similar_cosine`)",
              {}};
    case of_two_sides:
      return {"similar_leaked",
              Severity::problem,
              "pictures in training and validation that are nearly equal to the model",
              "inspect them, and keep them on one side (`similar_cosine`)",
              {}};
    default:
      return {"similar",
              Severity::note,
              single ? "pictures in a class that are nearly equal to the model"
                     : "pictures with one label that are nearly equal to the model",
              "inspect them; they add little training data (`similar_cosine`)",
              {}};
  }
}

}  // namespace

std::vector<Finding> similar_findings(const CheckReport& report, const FeatureSet& features, double least,
                                      const ProgressCallback& progress) {
  const std::set<Pair> known = known_pairs(report);
  std::array<std::map<std::uint32_t, SimilarBefore>, similar_relations> nearest;
  const auto visit = [&](std::int64_t row, std::int64_t earlier, double cosine) {
    const Pair pair{features.indices[static_cast<std::size_t>(earlier)],
                    features.indices[static_cast<std::size_t>(row)]};
    if (known.contains(pair)) return;
    SimilarBefore& best = nearest[relation_of(report, pair)][pair.second];
    if (cosine > best.cosine) best = {pair.first, cosine};
  };
  const auto count = static_cast<std::uint64_t>(features.indices.size());
  for_each_similar_pair(features.features, least, visit, [&](std::int64_t done) {
    if (progress) progress({"similar pictures", static_cast<std::uint64_t>(done), count, "images"});
  });
  std::vector<Finding> findings;
  for (const SimilarRelation relation : {of_two_labels, of_two_sides, of_one_class}) {
    Finding finding = similar_finding(report, relation);
    for (const auto& [picture, before] : nearest[relation])
      finding.items.push_back({{before.picture, picture}, format_text("cosine %.4f", before.cosine)});
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace graft
