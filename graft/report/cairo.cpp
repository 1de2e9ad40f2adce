#include "graft/report/cairo.h"

#include "graft/core/error.h"

namespace graft {
namespace {

std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

CairoPage::CairoPage(int height, int width, const std::string& what)
    : alone_(one_at_a_time()), surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)) {
  if (const auto status = cairo_surface_status(surface_.get()); status != CAIRO_STATUS_SUCCESS) {
    throw Error(what, cairo_status_to_string(status));
  }
  context_.reset(cairo_create(surface_.get()));
  cairo_set_source_rgb(context_.get(), 1, 1, 1);
  cairo_paint(context_.get());
  // Independent of the desktop's settings: grey antialiasing suits every screen and print.
  const Owned<cairo_font_options_t, cairo_font_options_destroy> options(cairo_font_options_create());
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_SLIGHT);
  cairo_set_font_options(context_.get(), options.get());
}

// Cairo's pixels are 0x00RRGGBB in native byte order.
Image CairoPage::image() const {
  cairo_surface_flush(surface_.get());
  Image image(cairo_image_surface_get_height(surface_.get()), cairo_image_surface_get_width(surface_.get()));
  for (int y = 0; y < image.height(); ++y) {
    const auto* from = reinterpret_cast<const std::uint32_t*>(
        cairo_image_surface_get_data(surface_.get()) + y * cairo_image_surface_get_stride(surface_.get()));
    std::uint8_t* to = image.row(y);
    for (int x = 0; x < image.width(); ++x) {
      *to++ = static_cast<std::uint8_t>(from[x] >> 16);
      *to++ = static_cast<std::uint8_t>(from[x] >> 8);
      *to++ = static_cast<std::uint8_t>(from[x]);
    }
  }
  return image;
}

}  // namespace graft
