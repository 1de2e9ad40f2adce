// A white page for drawing with Cairo, and lines of text on it. Internal to this stage, because it exposes
// Cairo's types.
#pragma once

#include <cairo.h>

#include <memory>
#include <mutex>
#include <string>

#include "graft/image/image.h"
#include "graft/report/text.h"

namespace graft {

template <auto Release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    Release(object);
  }
};
// An object of a C library, released by its own function.
template <class T, auto Release>
using Owned = std::unique_ptr<T, Releaser<Release>>;

// Only one exists at a time in a process: a second constructor waits until the first page is destroyed. This
// protects libraries under Pango that are not thread-safe; pages are drawn rarely, so it costs little.
class CairoPage {
 public:
  // Throws Error if the size exceeds Cairo's limit; `what` names the page.
  CairoPage(int height, int width, const std::string& what);

  cairo_t* context() const { return context_.get(); }
  Image image() const;

 private:
  std::unique_lock<std::mutex> alone_;
  Owned<cairo_surface_t, cairo_surface_destroy> surface_;
  Owned<cairo_t, cairo_destroy> context_;
};

enum class TextAlign { left, centre, right };

// Draws one line in the middle of a box of height × width at the context's origin, as draw_text() does.
void show_line(cairo_t* context, const std::string& text, double height, double width, TextAlign align,
               const TextStyle& style);

// Whether the threads that read fonts can be started.
bool can_read_fonts();
// Whether a readable font is installed.
bool has_fonts(cairo_t* context);
// Whether the fonts have every character of `text`; invalid bytes count as show_line() draws them.
bool fonts_have(cairo_t* context, const std::string& text);

}  // namespace graft
