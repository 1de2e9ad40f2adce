// The named datasets of `graft fetch`.
#pragma once

#include <string>
#include <vector>

#include "graft/net/hub.h"

namespace graft {

struct DataSetSpec {
  std::string name;
  Download archive;    // a zip
  std::string folder;  // the folder in the archive
};

const std::vector<DataSetSpec>& data_sets();

}  // namespace graft
