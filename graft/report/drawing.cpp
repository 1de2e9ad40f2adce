#include "graft/report/drawing.h"

namespace graft {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// In ems. Characters of three bytes and more are mostly square.
double width_of_character(unsigned char first_byte) {
  if (first_byte >= 0xE0) return 1;
  if (first_byte == 'm' || first_byte == 'w' || (first_byte >= 'A' && first_byte <= 'Z')) return 0.75;
  if (first_byte == 'i' || first_byte == 'l' || first_byte == ' ' || first_byte == '.') return 0.32;
  return 0.58;
}

// The length of the first line of a text that is wider than `width`: one character or more.
std::size_t first_line(std::string_view text, double size, double width) {
  std::size_t break_at = 0;
  double ems = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues_character(text[i])) continue;
    ems += width_of_character(static_cast<unsigned char>(text[i]));
    if (ems * size > width && i > 0) return break_at > 0 ? break_at : i;
    if (text[i] == ' ' || text[i] == '|') break_at = i + 1;
  }
  return text.size();
}

void move(Stroke& shape, double left, double top) {
  for (Point& point : shape.points) point = {point.x + left, point.y + top};
}
void move(Bar& shape, double left, double top) {
  shape.x += left;
  shape.y += top;
}
void move(Dot& shape, double left, double top) { shape.at = {shape.at.x + left, shape.at.y + top}; }
void move(Label& shape, double left, double top) { shape.at = {shape.at.x + left, shape.at.y + top}; }

}  // namespace

void place(Drawing& onto, const Drawing& part, double left, double top) {
  for (Shape shape : part.shapes) {
    std::visit([&](auto& s) { move(s, left, top); }, shape);
    onto.shapes.push_back(std::move(shape));
  }
}

double text_width(std::string_view text, double size) {
  double ems = 0;
  for (const char c : text) {
    if (!continues_character(c)) ems += width_of_character(static_cast<unsigned char>(c));
  }
  return ems * size;
}

std::string fit_text(const std::string& text, double size, double width) {
  if (text_width(text, size) <= width) return text;
  std::string shorter = text;
  while (!shorter.empty() && text_width(shorter, size) + size > width) {
    while (!shorter.empty() && continues_character(shorter.back())) shorter.pop_back();
    if (!shorter.empty()) shorter.pop_back();
  }
  return shorter + "…";
}

std::vector<std::string> wrap_text(std::string_view text, double size, double width, std::size_t most) {
  std::vector<std::string> lines;
  while (lines.size() + 1 < most && text_width(text, size) > width) {
    const std::size_t end = first_line(text, size, width);
    if (end == text.size()) break;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  lines.emplace_back(text);
  return lines;
}

}  // namespace graft
