#include "graft/core/escape.h"

#include <cstdint>

#include "graft/core/text.h"
#include "graft/core/utf8.h"

namespace graft {
namespace {

bool turns_direction(std::uint32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '/';
}

}  // namespace

std::string escape_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto [length, code] = utf8_at(text, i);
    if (length == 0 || code < 0x20) {
      out += format_text("\\x%02x", static_cast<unsigned char>(text[i++]));
      continue;
    }
    if ((code >= 0x7F && code < 0xA0) || turns_direction(code)) {
      out += format_text("\\u%04x", code);
    } else {
      out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

std::string escape_non_ascii(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto [length, code] = utf8_at(text, i);
    if (length == 0 || code < 0x20 || code == 0x7F) {
      out += format_text("\\x%02x", static_cast<unsigned char>(text[i++]));
      continue;
    }
    if (code < 0x7F) {
      out += text[i];
    } else {
      out += format_text(code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
    }
    i += length;
  }
  return out;
}

std::string escaped_line(std::string_view text) { return escape_controls(text) + "\n"; }

std::string percent_encode(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += format_text("%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string printable(std::string_view text) {
  constexpr std::size_t most = 100;
  std::string result(text.substr(0, most));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > most ? result + "…" : result;
}

}  // namespace graft
