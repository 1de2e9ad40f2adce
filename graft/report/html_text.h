// Text and bytes as they may stand in an HTML file.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// For text and for values of attributes in double quotes. What is not UTF-8 becomes replacement characters,
// control characters become spaces (line breaks and tabs stay).
std::string escape_html(std::string_view text);

// The same for text in a narrow place: a word breaks only where it does not fit a line of its own, and then
// after "/", "_" and the like where it can.
std::string wrapped_html(std::string_view text);

std::string base64(std::string_view bytes);

// "data:image/png;base64,…"
std::string data_uri(std::string_view media_type, std::string_view bytes);

}  // namespace graft
