// The findings, by what they are made of. Each function gives all findings of its kind, those without items
// too. Internal.
#pragma once

#include <vector>

#include "graft/check/check.h"
#include "graft/check/checked_data.h"

namespace graft {

std::vector<Finding> class_findings(const CheckedData& data, const CheckOptions& options);
Finding ignored_files(const CheckedData& data);
std::vector<Finding> picture_findings(const CheckedData& data, const CheckOptions& options);
// Equal bytes.
std::vector<Finding> copy_findings(const CheckedData& data);
// Equal looks. Each picture is reported with the nearest that comes before it, so that of many that are alike
// there are as many pairs as pictures.
std::vector<Finding> lookalike_findings(const CheckedData& data, int distance);

}  // namespace graft
