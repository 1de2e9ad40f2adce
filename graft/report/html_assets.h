// The style sheet and the script that stand in every page.
#pragma once

#include <string>

namespace graft {

std::string page_style();
std::string page_script();

}  // namespace graft
