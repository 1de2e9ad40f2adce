// Escapes text and bytes for HTML.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// For text and attribute values in double quotes. Invalid UTF-8 becomes replacement characters, control
// characters become spaces (line breaks and tabs are kept).
std::string escape_html(std::string_view text);

// The same for text in a narrow space: a word breaks only if it does not fit on a line, if possible after
// "/", "_" and the like.
std::string wrapped_html(std::string_view text);

std::string base64(std::string_view bytes);

// "data:image/png;base64,…"
std::string data_uri(std::string_view media_type, std::string_view bytes);

}  // namespace graft
