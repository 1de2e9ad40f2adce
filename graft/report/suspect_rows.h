// The pictures of a cross-validated run whose labels are probably wrong (trust/suspects.h). Internal.
#pragma once

#include <vector>

#include "graft/report/run_data.h"
#include "graft/trust/suspects.h"

namespace graft {

// Suspect::row is an index of run.val->rows. Empty for a run that is not cross-validated, and for numbers.
// Throws Error as find_suspects() does.
std::vector<Suspect> suspect_rows(const RunData& run);

}  // namespace graft
