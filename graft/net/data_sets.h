// Data sets that `graft fetch` knows by name.
#pragma once

#include <string>
#include <vector>

#include "graft/net/hub.h"

namespace graft {

struct DataSetSpec {
  std::string name;
  Download archive;    // a zip
  std::string folder;  // what the archive unpacks to
};

const std::vector<DataSetSpec>& data_sets();

}  // namespace graft
