#include "graft/report/text.h"

#include <pango/pangocairo.h>

#include <cmath>
#include <string_view>

#include "graft/core/threads.h"
#include "graft/report/cairo.h"

namespace graft {
namespace {

constexpr std::size_t most_bytes = 2000;  // far more than fits; laying out megabytes takes seconds

using Layout = Owned<PangoLayout, g_object_unref>;
using Font = Owned<PangoFontDescription, pango_font_description_free>;

// UTF-8 on one line.
std::string clean(std::string_view text) {
  text = text.substr(0, most_bytes);
  const Owned<char, g_free> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  std::string line = valid.get();
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return line;
}

Layout make_layout(cairo_t* context, const std::string& text, const TextStyle& style) {
  Layout layout(pango_cairo_create_layout(context));
  const Font font(pango_font_description_from_string("sans-serif"));
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  if (style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

PangoAlignment pango_alignment(TextAlign align) {
  if (align == TextAlign::left) return PANGO_ALIGN_LEFT;
  return align == TextAlign::right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER;
}

void show_layout(cairo_t* context, const std::string& text, double height, double width, TextAlign align,
                 const TextStyle& style) {
  const Layout layout = make_layout(context, text, style);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment(layout.get(), pango_alignment(align));
  int text_height = 0;
  pango_layout_get_pixel_size(layout.get(), nullptr, &text_height);
  cairo_move_to(context, 0, std::trunc((height - text_height) / 2));  // whole pixels keep the letters sharp
  pango_cairo_show_layout(context, layout.get());
}

// One "?" for each character beyond ASCII.
std::string ascii(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0) == 0x80;
    if (!continues) line += byte < 0x80 ? c : '?';
  }
  return line;
}

void show_with_built_in_font(cairo_t* context, std::string text, double height, double width, TextAlign align,
                             const TextStyle& style) {
  cairo_select_font_face(context, "@cairo:", CAIRO_FONT_SLANT_NORMAL,
                         style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, style.size);
  const auto width_of = [&](const std::string& line) {
    cairo_text_extents_t extents;
    cairo_text_extents(context, line.c_str(), &extents);
    return extents.x_advance;
  };
  std::string line = text;
  while (width_of(line) > width && !text.empty()) {
    text.pop_back();
    line = text + "...";
  }
  const double room = align == TextAlign::left ? 0 : width - width_of(line);
  cairo_move_to(context, align == TextAlign::centre ? room / 2 : room, (height + style.size * 0.7) / 2);
  cairo_show_text(context, line.c_str());
}

}  // namespace

// Pango draws boxes for characters that no font has.
bool fonts_have(cairo_t* context, const std::string& text) {
  return pango_layout_get_unknown_glyphs_count(make_layout(context, clean(text), {}).get()) == 0;
}

// Pango and fontconfig sort fonts in several threads, and GLib ends the process if one cannot be started.
constexpr int font_threads = 6;
bool can_read_fonts() { return startable_threads(font_threads) == font_threads; }

bool has_fonts(cairo_t* context) { return can_read_fonts() && fonts_have(context, "a"); }

void show_line(cairo_t* context, const std::string& text, double height, double width, TextAlign align,
               const TextStyle& style) {
  cairo_set_source_rgb(context, style.color[0] / 255.0, style.color[1] / 255.0, style.color[2] / 255.0);
  const std::string line = clean(text);
  if (has_fonts(context)) {
    show_layout(context, line, height, width, align, style);
  } else {
    show_with_built_in_font(context, ascii(line), height, width, align, style);
  }
}

Image draw_text(const std::string& text, int height, int width, const TextStyle& style) {
  const CairoPage page(height, width, "a line of text");
  show_line(page.context(), text, height, width, TextAlign::centre, style);
  return page.image();
}

}  // namespace graft
