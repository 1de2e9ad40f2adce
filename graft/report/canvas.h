// A drawing as pixels, on white.
#pragma once

#include "graft/image/image.h"
#include "graft/report/drawing.h"

namespace graft {

// `scale`: pixels of one unit of the drawing. Throws Error where the picture would be larger than Cairo
// draws. Thread-safe.
Image paint(const Drawing& drawing, double scale = 2);

}  // namespace graft
