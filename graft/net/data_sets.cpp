#include "graft/net/data_sets.h"

namespace graft {

const std::vector<DataSetSpec>& data_sets() {
  static const std::vector<DataSetSpec> all = {
      {"hymenoptera",
       {"https://download.pytorch.org/tutorial/hymenoptera_data.zip", "hymenoptera_data.zip",
        "fbc41b31d544714d18dd1230b1e2b455e1557766e13e67f9f5a7a23af7c02209"},
       "hymenoptera_data"},
  };
  return all;
}

}  // namespace graft
