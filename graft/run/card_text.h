// Pieces of a model card, in Markdown. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"

namespace graft {

// With four digits after the point.
std::string card_number(double value);
// A share with four digits after the point, a number in the unit of the target with six digits in all.
std::string card_number(const Metric& metric, double value);

// Text within a cell: what would end the cell or begin a tag is shown as it is.
std::string card_cell(const std::string& text);
// A row of a table of two columns; empty where there is no value.
std::string card_row(const std::string& name, const std::string& value);

// Empty beyond the end.
std::string count_at(const std::vector<std::int64_t>& counts, std::size_t i);

}  // namespace graft
