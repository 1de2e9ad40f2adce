// A white page that Cairo draws on, and lines of text on it. Inside this stage only: it shows Cairo's types.
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
// An object of a C library, given back by its own function.
template <class T, auto Release>
using Owned = std::unique_ptr<T, Releaser<Release>>;

// One at a time in a process: a second one waits until the first is gone. Pages are drawn a few times a run,
// so being safe whatever the libraries under Pango do costs nothing.
class CairoPage {
 public:
  // Throws Error where Cairo cannot draw that much; `what` names it.
  CairoPage(int height, int width, const std::string& what);

  cairo_t* context() const { return context_.get(); }
  Image image() const;

 private:
  std::unique_lock<std::mutex> alone_;
  Owned<cairo_surface_t, cairo_surface_destroy> surface_;
  Owned<cairo_t, cairo_destroy> context_;
};

enum class TextAlign { left, centre, right };

// One line in the middle of a box of height × width at the context's origin, as draw_text says.
void show_line(cairo_t* context, const std::string& text, double height, double width, TextAlign align,
               const TextStyle& style);

// Whether the threads that fonts are read in can be started.
bool can_read_fonts();
// Whether any font is installed, and can be read.
bool has_fonts(cairo_t* context);
// Whether the fonts have every character of `text`; bytes that are no text count as show_line draws them.
bool fonts_have(cairo_t* context, const std::string& text);

}  // namespace graft
