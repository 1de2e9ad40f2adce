// Messages of the library name an option by its field, in backquotes (quoted_option in option.h). A program
// that has other names for its options, such as flags, shows these.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace graft {

// `text` with what `word_for` returns for a name in the place of each quoted option. Names of files and
// classes may hold backquotes too: an option's name is lower-case and stands as a word of its own.
std::string replace_options(std::string_view text,
                            const std::function<std::string(const std::string& name)>& word_for);

}  // namespace graft
