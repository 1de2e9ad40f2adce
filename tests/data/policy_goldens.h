// Compares a policy's magnitudes with torchvision's table (tests/golden/augment/policies.json).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "graft/data/augment_ops.h"
#include "tests/image/pixels.h"

namespace graft::test {

// torchvision's names, in its order.
inline const std::vector<std::string> op_names = {
    "Identity", "ShearX",   "ShearY",    "TranslateX", "TranslateY", "Rotate",       "Brightness",
    "Color",    "Contrast", "Sharpness", "Posterize",  "Solarize",   "AutoContrast", "Equalize"};

// `ranges_of(line)`: the table for the line. Returns the number of operations compared.
template <class RangesOf>
int expect_torchvisions_magnitudes(const std::string& policy, const RangesOf& ranges_of) {
  int seen = 0;
  for (const auto& line : augment_golden("policies.json")) {
    if (line["policy"] != policy) continue;
    const auto op = static_cast<std::size_t>(
        std::find(op_names.begin(), op_names.end(), line["op"].get<std::string>()) - op_names.begin());
    const MagnitudeRange range = ranges_of(line).at(op);
    EXPECT_EQ(range.either_sign, line["signed"].template get<bool>()) << line["op"];
    EXPECT_EQ(range.first == 0 && range.last == 0, line["magnitudes"].empty()) << line["op"];
    for (std::size_t bin = 0; bin < line["magnitudes"].size(); ++bin) {
      EXPECT_EQ(magnitude_at(static_cast<AugmentOp>(op), range, static_cast<int>(bin)),
                line["magnitudes"][bin].template get<double>())
          << line["op"] << ", bin " << bin;
    }
    ++seen;
  }
  return seen;
}

}  // namespace graft::test
