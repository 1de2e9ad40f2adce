#include "graft/report/text.h"

#include <pango/pangocairo.h>

#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "graft/core/error.h"

namespace graft {
namespace {

constexpr std::size_t most_bytes = 2000;  // far more than fits; laying out megabytes takes seconds

template <auto Release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    Release(object);
  }
};
template <class T, auto Release>
using Owned = std::unique_ptr<T, Releaser<Release>>;
using Surface = Owned<cairo_surface_t, cairo_surface_destroy>;
using Context = Owned<cairo_t, cairo_destroy>;
using Layout = Owned<PangoLayout, g_object_unref>;
using Font = Owned<PangoFontDescription, pango_font_description_free>;
using FontOptions = Owned<cairo_font_options_t, cairo_font_options_destroy>;

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

Context white_page(cairo_surface_t* surface, const TextStyle& style) {
  Context context(cairo_create(surface));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_set_source_rgb(context.get(), style.color[0] / 255.0, style.color[1] / 255.0, style.color[2] / 255.0);
  // Whatever the desktop's settings: shades of grey look right on every screen and in print.
  const FontOptions options(cairo_font_options_create());
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_SLIGHT);
  cairo_set_font_options(context.get(), options.get());
  return context;
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

void show_layout(cairo_t* context, const std::string& text, int height, int width, const TextStyle& style) {
  const Layout layout = make_layout(context, text, style);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_width(layout.get(), width * PANGO_SCALE);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
  int text_height = 0;
  pango_layout_get_pixel_size(layout.get(), nullptr, &text_height);
  const int top = (height - text_height) / 2;  // whole pixels keep the letters sharp
  cairo_move_to(context, 0, top);
  pango_cairo_show_layout(context, layout.get());
}

// Pango draws boxes where no font has the letter; a system without an "a" has no fonts.
bool has_fonts(cairo_t* context, const TextStyle& style) {
  return pango_layout_get_unknown_glyphs_count(make_layout(context, "a", style).get()) == 0;
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

void show_with_built_in_font(cairo_t* context, std::string text, int height, int width,
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
  cairo_move_to(context, (width - width_of(line)) / 2, (height + style.size * 0.7) / 2);
  cairo_show_text(context, line.c_str());
}

// Cairo's pixels are 0x00RRGGBB in the machine's own byte order.
Image to_image(cairo_surface_t* surface) {
  cairo_surface_flush(surface);
  Image image(cairo_image_surface_get_height(surface), cairo_image_surface_get_width(surface));
  for (int y = 0; y < image.height(); ++y) {
    const auto* from = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface) +
                                                              y * cairo_image_surface_get_stride(surface));
    std::uint8_t* to = image.row(y);
    for (int x = 0; x < image.width(); ++x) {
      *to++ = static_cast<std::uint8_t>(from[x] >> 16);
      *to++ = static_cast<std::uint8_t>(from[x] >> 8);
      *to++ = static_cast<std::uint8_t>(from[x]);
    }
  }
  return image;
}

}  // namespace

Image draw_text(const std::string& text, int height, int width, const TextStyle& style) {
  // Text is drawn a few times a run: being safe whatever the libraries under Pango do costs nothing.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  if (const auto status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS) {
    throw Error("a line of text", cairo_status_to_string(status));
  }
  const Context context = white_page(surface.get(), style);
  const std::string line = clean(text);
  if (has_fonts(context.get(), style)) {
    show_layout(context.get(), line, height, width, style);
  } else {
    show_with_built_in_font(context.get(), ascii(line), height, width, style);
  }
  return to_image(surface.get());
}

}  // namespace graft
