// Pictures whose features are nearly equal: copies that a hash of the pixels does not find. Internal.
#pragma once

#include <cstddef>
#include <vector>

#include "graft/check/check.h"
#include "graft/infer/evaluate.h"

namespace graft {

// Each picture with the most similar one before it, in each relation (two labels, two sides, one class), if
// the cosine of their features is at least `least`; without the pairs that a finding of the report already
// has. `features`: of report.pictures, by their indices.
std::vector<Finding> similar_findings(const CheckReport& report, const FeatureSet& features, double least,
                                      const ProgressCallback& progress = {});

}  // namespace graft
