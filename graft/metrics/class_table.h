// The metrics of each class as a table, whatever the task.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/metrics/class_figures.h"

namespace graft {

// Metrics of each class. Empty where there are no classes.
struct ClassTable {
  struct Row {
    std::string name;
    std::vector<double> values;  // as `columns` names them
    std::int64_t support = 0;    // pictures that show the class
  };
  std::vector<std::string> columns;  // "precision"; words are joined by "_"
  std::vector<Row> rows;
  Confusion confusion;  // where a picture shows one class; else empty
};

}  // namespace graft
