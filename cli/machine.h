// What the program says of the machine that it runs on.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace graft::cli {

// set_compute_threads(), with a note where fewer are used than were asked for.
void use_threads(int threads, Console& console);

// A warning where these texts, such as class names, are to be drawn and the machine's fonts cannot.
void warn_of_fonts(const std::vector<std::string>& texts, Console& console);

}  // namespace graft::cli
