#include "graft/report/drawing.h"

#include <cstdio>

#include "graft/report/html_text.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

// To a hundredth, without trailing zeros.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string out = text;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string element(const Stroke& stroke) {
  std::string points;
  for (const Point& point : stroke.points) points += number(point.x) + "," + number(point.y) + " ";
  if (!points.empty()) points.pop_back();
  return "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + css_color(stroke.ink) + "\"" +
         attribute("stroke-width", stroke.width) + (stroke.dashed ? " stroke-dasharray=\"5 4\"" : "") + "/>";
}

// Closes an element; browsers show the hint on hover.
std::string end_of(const char* element, const std::string& hint) {
  if (hint.empty()) return "/>";
  return "><title>" + escape_html(hint) + "</title></" + element + ">";
}

std::string element(const Bar& bar) {
  std::string text = "<rect";
  if (!bar.hint.empty()) text += bar.fill.ink == Ink::none ? " class=\"band hint\"" : " class=\"hint\"";
  text += attribute("x", bar.x) + attribute("y", bar.y) + attribute("width", bar.width) +
          attribute("height", bar.height) + " fill=\"" + css_color(bar.fill) + "\"";
  if (bar.opacity < 1) text += attribute("fill-opacity", bar.opacity);
  return text + end_of("rect", bar.hint);
}

std::string element(const Dot& dot) {
  std::string text = std::string("<circle") + (dot.hint.empty() ? "" : " class=\"hint\"") +
                     attribute("cx", dot.at.x) + attribute("cy", dot.at.y) + attribute("r", dot.radius) +
                     " fill=\"" + css_color(dot.ink) + "\"";
  if (dot.opacity < 1) text += attribute("fill-opacity", dot.opacity);
  return text + end_of("circle", dot.hint);
}

std::string element(const Label& label) {
  // A baseline a third of the em below the middle looks centred in every font.
  const double x = label.at.x, y = label.at.y;
  std::string text = "<text" + attribute("x", x) + attribute("y", y) + attribute("dy", label.size * 0.35) +
                     attribute("font-size", label.size) + " fill=\"" + css_color(label.ink) + "\"";
  if (label.from == Label::From::middle) text += " text-anchor=\"middle\"";
  if (label.from == Label::From::end) text += " text-anchor=\"end\"";
  if (label.bold) text += " font-weight=\"600\"";
  if (label.turn != 0) {
    text += " transform=\"rotate(" + number(label.turn) + " " + number(x) + " " + number(y) + ")\"";
  }
  return text + ">" + escape_html(label.text) + "</text>";
}

}  // namespace

std::string svg(const Drawing& drawing) {
  std::string text = "<svg viewBox=\"0 0 " + number(drawing.width) + " " + number(drawing.height) + "\"" +
                     attribute("width", drawing.width) + attribute("height", drawing.height) +
                     " role=\"img\" aria-label=\"" + escape_html(drawing.name) + "\">\n";
  for (const Shape& shape : drawing.shapes) {
    text += std::visit([](const auto& s) { return element(s); }, shape) + "\n";
  }
  return text + "</svg>\n";
}

}  // namespace graft
