#include "graft/report/html_text.h"

#include <algorithm>
#include <cstdint>

#include "graft/core/utf8.h"
#include "graft/report/drawing.h"

namespace graft {
namespace {

void append_escaped(std::string& out, std::string_view character) {
  switch (character[0]) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default: {
      const auto byte = static_cast<unsigned char>(character[0]);
      const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
      out += control ? " " : character;
    }
  }
}

// The length of the UTF-8 character with this first byte; 1 for other bytes.
std::size_t length_from(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

constexpr double max_ems_unbroken = 12;  // about twenty letters

std::string word_html(std::string_view word) {
  const std::string whole = escape_html(word);
  if (text_width(word, 1) <= max_ems_unbroken) {
    // A browser may break a line at a hyphen.
    const bool may_break = word.find_first_of("-/?") != std::string_view::npos;
    return may_break ? "<span class=\"word\">" + whole + "</span>" : whole;
  }
  std::string out = "<span class=\"long\">";
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t mark = std::min(word.find_first_of("/\\_-|=", at), word.size() - 1);
    out += escape_html(word.substr(at, mark + 1 - at));
    at = mark + 1;
    if (at < word.size()) out += "<wbr>";
  }
  return out + "</span>";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, length_from(text[at]));
    if (is_utf8(character)) {
      append_escaped(out, character);
      at += character.size();
    } else {
      out += "\xEF\xBF\xBD";
      ++at;
    }
  }
  return out;
}

std::string wrapped_html(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find_first_of(" \t\n", at), text.size());
    out += word_html(text.substr(at, space - at));
    if (space < text.size()) out += text[space];
    at = space + 1;
  }
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      three = three << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i <= bytes.size() ? letters[three >> (18 - 6 * i) & 63] : '=';
    }
  }
  return out;
}

std::string data_uri(std::string_view media_type, std::string_view bytes) {
  return "data:" + std::string(media_type) + ";base64," + base64(bytes);
}

}  // namespace graft
