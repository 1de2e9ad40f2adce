// The plot of a search for a learning rate: the loss over the rate, which grows by powers of ten.
#pragma once

#include <vector>

#include "graft/image/image.h"
#include "graft/report/drawing.h"
#include "graft/run/lr_search.h"

namespace graft {

// The losses as dots, their average as a line, the suggestion marked, steps that were not judged on a grey
// ground. The axis ends one and a half times above the first loss: an explosion at the end would flatten the
// rest. Losses above it, and those that are no numbers, are arrows at its upper edge.
Drawing lr_search_chart(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);
// The same as pixels, for a PNG.
Image draw_lr_search(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

}  // namespace graft
