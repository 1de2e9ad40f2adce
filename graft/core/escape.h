// Escapes for arbitrary bytes, such as file names, in terminals, JSON and URLs.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// For a terminal, which obeys control characters. ASCII control characters and bytes that are not UTF-8
// become \xNN (two hexadecimal digits); DEL, U+0080 to U+009F, and the bidirectional controls (U+202A to
// U+202E, U+2066 to U+2069) become \uNNNN. Everything else is unchanged, the backslash too. One line of UTF-8
// JSON stays JSON with the same value.
std::string escape_controls(std::string_view text);
// The same as a line, with its end.
std::string escaped_line(std::string_view text);

// Shows which characters a text has: those outside ASCII become \uNNNN or \UNNNNNNNN, as in Python's ascii();
// control characters and bytes that are not UTF-8 become \xNN.
std::string escape_non_ascii(std::string_view text);

// RFC 3986: letters, digits and -._~/ are unchanged, any other byte becomes %NN. Python's
// urllib.parse.unquote_to_bytes reverses it.
std::string percent_encode(std::string_view bytes);

// Any text for a message: at most 100 bytes; everything but printable ASCII becomes "?".
std::string printable(std::string_view text);

}  // namespace graft
