// A drawing as an <svg> element that stands within report.html and takes its colours from the page's style.
#pragma once

#include <string>

#include "graft/report/drawing.h"

namespace graft {

// Every text is escaped. Hints are <title> elements, which browsers show without a script.
std::string svg(const Drawing& drawing);

}  // namespace graft
