// The names that options have on the command line, and messages of the library in these names.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace graft::cli {

// "--batch-size" of "batch_size".
std::string flag_of(std::string_view name);

// `text` with flags in place of the library's names of options, "`batch_size`" (core/option.h). `words`: what
// replaces a name that is no flag of the verb at work.
std::string in_flags(std::string_view text, const std::map<std::string, std::string>& words = {});

}  // namespace graft::cli
