// Bytes of any kind, as a name on a disk can be, in a form that a terminal or a JSON text can take.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// For a terminal, which would obey control characters: those of ASCII below a blank, and bytes that are no
// UTF-8, become \xNN (two hexadecimal digits); DEL, those of U+0080 to U+009F, and the marks that turn the
// direction of writing (U+202A to U+202E, U+2066 to U+2069) become \uNNNN. All else stays, the backslash too.
// Of a JSON text that is UTF-8 and on one line the result is JSON of the same value.
std::string escape_controls(std::string_view text);
// The same as a line, with its end.
std::string escaped_line(std::string_view text);

// RFC 3986: letters, digits and -._~/ stay, any other byte becomes %NN. Undone by Python's
// urllib.parse.unquote_to_bytes and its likes.
std::string percent_encode(std::string_view bytes);

// Fit for a message whatever the text is: at most 100 bytes, all printable ASCII; anything else becomes "?".
std::string printable(std::string_view text);

}  // namespace graft
