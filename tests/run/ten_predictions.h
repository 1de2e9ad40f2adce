// Ten predictions whose metrics the reference computed.
#pragma once

#include "graft/run/run_tables.h"

namespace graft::test {

// Classes ant, bee, cow.
inline std::vector<PredictionRow> ten_predictions() {
  return {{"0", "ant", "ant", 0.95, 0.1}, {"1", "ant", "ant", 0.6, 0.5},  {"2", "ant", "bee", 0.51, 1.5},
          {"3", "bee", "bee", 0.88, 0.2}, {"4", "bee", "ant", 0.4, 1.25}, {"5", "cow", "ant", 0.55, 2.0},
          {"6", "cow", "cow", 1.0, 0.0},  {"7", "cow", "cow", 0.97, 0.1}, {"8", "ant", "ant", 0.7, 0.35},
          {"9", "bee", "cow", 0.34, 2.0}};
}

}  // namespace graft::test
