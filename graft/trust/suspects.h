// The pictures whose labels are probably wrong (label_issues.h), with the names of their labels.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

// Pictures with their labels, and the outputs of models that were not trained on them.
struct HeldOutRows {
  LabelKind kind = LabelKind::single;  // single or multi
  std::vector<std::string> classes;    // by index of the output
  std::vector<std::string> labels;     // of each picture, as Folder::label_names(); several: a|b
  std::span<const float> outputs;      // logits, N×classes, row after row
};

struct Suspect {
  std::size_t row = 0;
  std::string proposed;  // the label that the outputs support, in the form of HeldOutRows::labels
  double self_confidence =
      0;  // the probability of the given label; of several classes, of the least probable
};

// The least probable label first. Pictures whose label names no class are not judged. Throws Error if an
// output is not finite, UsageError for numbers and if there are not as many outputs as labels and classes.
std::vector<Suspect> find_suspects(const HeldOutRows& rows);

// "labelled "ants", probably "bees"; probability of its label 0.0123"
std::string suspect_words(const Suspect& suspect, const std::string& label);

}  // namespace graft
