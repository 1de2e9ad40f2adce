// Labels that are probably wrong, by confident learning: Northcutt, Jiang and Chuang, "Confident Learning:
// Estimating Uncertainty in Dataset Labels" (2021). The issues are those of the Python package cleanlab 2.7,
// find_label_issues() with its defaults: filter_by "prune_by_noise_rate", ranked by self-confidence.
//
// The method: a class's threshold is the mean probability of that class over the samples that have it as
// their label. A sample counts for the class whose threshold its probability reaches; the counts by label and
// class, scaled to the number of samples of each label (the calibrated confident joint), estimate how many
// samples of each label belong to each other class. As many are selected, those with the largest difference
// between the probabilities of the two classes.
//
// The probabilities must be those of models that were not trained on the sample's label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

// The probabilities of N samples: N×classes, row after row.
struct ProbabilityRows {
  std::span<const float> values;
  std::size_t classes = 0;

  std::size_t size() const { return classes == 0 ? 0 : values.size() / classes; }
  std::span<const float> row(std::size_t i) const { return values.subspan(i * classes, classes); }
};

struct LabelIssue {
  std::size_t row = 0;
  std::size_t proposed = 0;    // the most probable class, which is not the label
  double self_confidence = 0;  // the probability of the label
};

// One class per sample. The least probable label comes first, equal ones in the order of the samples. A class
// of one sample has no issues. Memory and time grow with the number of samples and classes, not with the
// square of the classes. Throws Error if a probability is not finite, UsageError if the sizes differ or a
// label is not below `classes`.
std::vector<LabelIssue> find_label_issues(const ProbabilityRows& probabilities,
                                          std::span<const std::int64_t> labels);

// Of several classes per sample, whether a sample has a class.
struct ClassIssue {
  std::size_t row = 0;
  std::size_t index = 0;       // of the class
  double self_confidence = 0;  // the probability that the sample has the class or lacks it, as labelled
};

// Each class against the rest, as cleanlab.multilabel_classification.filter.find_label_issues(): by row, then
// by class. Throws as above.
std::vector<ClassIssue> find_class_issues(const LabelTable& table);

}  // namespace graft
