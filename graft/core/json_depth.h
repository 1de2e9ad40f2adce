// How deep a JSON text is nested, told before it is parsed: a parsed value is copied, written and compared by
// recursion, which a file of 100,000 brackets would drive off the end of the stack.
#pragma once

#include <string_view>

namespace graft {

// Deeper than anything that graft writes or reads.
inline constexpr int most_json_depth = 100;

// Whether arrays and objects stand more than most_json_depth deep in each other. Any bytes; linear in them.
// Of what is not JSON the answer may be either, which the parser then refuses.
bool is_json_too_deep(std::string_view text);

}  // namespace graft
