// label_figures.csv of a run of multi-label data (docs/formats/run.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/metrics/label_figures.h"

namespace graft {

// A row: class, average_precision, precision, recall, f1, support.
struct NamedLabelFigures {
  std::string name;
  LabelFigures figures;
};
// Replaces the file as a whole.
void write_label_figures(const std::filesystem::path& path, const std::vector<NamedLabelFigures>& rows);
// Throws Error naming the line that cannot be read.
std::vector<NamedLabelFigures> read_label_figures(const std::filesystem::path& path);

}  // namespace graft
