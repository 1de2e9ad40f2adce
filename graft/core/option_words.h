// The library's messages name an option by its field, in backquotes (quoted_option in option.h). A program
// with other names for its options, such as flags, substitutes them here.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace graft {

// `text` with each quoted option replaced by what `word_for` returns for its name. Names of files and classes
// may contain backquotes too: an option's name is lower-case and a whole word.
std::string replace_options(std::string_view text,
                            const std::function<std::string(const std::string& name)>& word_for);

}  // namespace graft
