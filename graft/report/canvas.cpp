#include "graft/report/drawing.h"

#include <cmath>
#include <numbers>

#include "graft/report/cairo.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

void use(cairo_t* context, const InkChoice& choice, double opacity = 1) {
  const Rgb color = shade(choice).light;
  cairo_set_source_rgba(context, color[0] / 255.0, color[1] / 255.0, color[2] / 255.0, opacity);
}

void draw(cairo_t* context, const Stroke& stroke) {
  use(context, stroke.ink);
  cairo_set_line_width(context, stroke.width);
  cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
  const double dashes[] = {5, 4};
  cairo_set_dash(context, dashes, stroke.dashed ? 2 : 0, 0);
  cairo_new_path(context);  // text leaves a current point behind
  for (const Point& point : stroke.points) cairo_line_to(context, point.x, point.y);
  cairo_stroke(context);
}

void draw(cairo_t* context, const Bar& bar) {
  if (bar.fill.ink == Ink::none) return;
  use(context, bar.fill, bar.opacity);
  cairo_new_path(context);
  cairo_rectangle(context, bar.x, bar.y, bar.width, bar.height);
  cairo_fill(context);
}

void draw(cairo_t* context, const Dot& dot) {
  use(context, dot.ink, dot.opacity);
  cairo_new_path(context);
  cairo_arc(context, dot.at.x, dot.at.y, dot.radius, 0, 2 * std::numbers::pi);
  cairo_fill(context);
}

void draw(cairo_t* context, const Label& label) {
  // Labels are made to fit, but boxes for missing characters are wider.
  const double wide = 1.35 * text_width(label.text, label.size) + 2 * label.size;
  const double height = 2 * label.size;
  const TextAlign align = label.from == Label::From::start    ? TextAlign::left
                          : label.from == Label::From::middle ? TextAlign::centre
                                                              : TextAlign::right;
  const double before = align == TextAlign::left ? 0 : align == TextAlign::centre ? wide / 2 : wide;
  cairo_save(context);
  cairo_translate(context, label.at.x, label.at.y);
  cairo_rotate(context, label.turn * std::numbers::pi / 180);
  cairo_translate(context, -before, -height / 2);
  show_line(context, label.text, height, wide, align, {label.size, label.bold, shade(label.ink).light});
  cairo_restore(context);
}

}  // namespace

Image paint(const Drawing& drawing, double scale) {
  const CairoPage page(static_cast<int>(std::ceil(drawing.height * scale)),
                       static_cast<int>(std::ceil(drawing.width * scale)), drawing.name);
  cairo_scale(page.context(), scale, scale);
  for (const Shape& shape : drawing.shapes) {
    std::visit([&](const auto& s) { draw(page.context(), s); }, shape);
  }
  return page.image();
}

}  // namespace graft
