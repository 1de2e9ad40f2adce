// The names of options on the command line, and the library's messages with these names.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace graft::cli {

// "--batch-size" for "batch_size".
std::string flag_of(std::string_view name);

// `text` with flags in place of the library's names of options, "`batch_size`" (core/option.h). `words`:
// replacements for names that are not flags of the current verb.
std::string in_flags(std::string_view text, const std::map<std::string, std::string>& words = {});

}  // namespace graft::cli
