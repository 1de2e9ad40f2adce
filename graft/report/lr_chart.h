// The plot of a search for a learning rate: the loss over the rate, which grows by powers of ten.
#pragma once

#include <vector>

#include "graft/image/image.h"
#include "graft/run/lr_search.h"

namespace graft {

// The losses as dots, their average as a line, the suggestion marked. As pixels, for a PNG.
Image draw_lr_search(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

}  // namespace graft
