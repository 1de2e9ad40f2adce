// The findings by their input. Each function returns all findings of its kind, also those without items.
// Internal.
#pragma once

#include <vector>

#include "graft/check/check.h"
#include "graft/check/checked_data.h"

namespace graft {

std::vector<Finding> class_findings(const CheckedData& data, const CheckOptions& options);
Finding ignored_files(const CheckedData& data);
std::vector<Finding> picture_findings(const CheckedData& data, const CheckOptions& options);
// Identical files.
std::vector<Finding> copy_findings(const CheckedData& data);
// Pictures that look alike. Each picture is reported with the nearest one before it, so that many similar
// pictures give as many pairs as pictures.
std::vector<Finding> lookalike_findings(const CheckedData& data, int distance);

}  // namespace graft
