#include "graft/report/charts.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "graft/report/axes.h"

namespace graft {
namespace {

constexpr double widest_name = 130, room_for_numbers = 22;
constexpr double dark_enough = 0.85;  // above this share white text is more readable than black text

struct Matrix {
  const Confusion& confusion;
  const std::vector<std::string>& classes;
  std::vector<std::size_t> shown;
  CellText text;
  double cell = 0, name_size = 0, left = 0, top = 0;

  double side() const { return cell * static_cast<double>(shown.size()); }
};

std::string matrix_title(const Matrix& m) {
  std::string title = m.text == CellText::counts ? "Confusion matrix" : "Confusion matrix, shares of rows";
  if (m.shown.size() < m.classes.size()) {
    title += " (" + std::to_string(m.shown.size()) + " of " + std::to_string(m.classes.size()) +
             " classes, those with most mistakes)";
  }
  return title;
}

double share(std::int64_t count, std::int64_t total) {
  return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
}

std::string cell_text(const Matrix& m, std::int64_t count, double part) {
  if (m.text == CellText::counts) return std::to_string(count);
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", part);
  return text;
}

void draw_cell(Drawing& drawing, const Matrix& m, std::size_t row, std::size_t column) {
  const std::size_t truth = m.shown[row], predicted = m.shown[column];
  const std::int64_t count = m.confusion[truth][predicted];
  if (count == 0) return;  // saves most cells for many classes
  const auto& counts = m.confusion[truth];
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  const double part = share(count, total), opacity = 0.2 + 0.8 * part;
  const double x = m.left + static_cast<double>(column) * m.cell;
  const double y = m.top + static_cast<double>(row) * m.cell;
  const std::string hint = "true " + m.classes[truth] + "\npredicted " + m.classes[predicted] + "\n" +
                           std::to_string(count) + " of " + std::to_string(total) + " (" +
                           value_text(part, Unit::share) + ")";
  drawing.add(Bar{x + 0.5, y + 0.5, m.cell - 1, m.cell - 1, truth == predicted ? Ink::right : Ink::wrong,
                  opacity, hint});
  if (m.cell < room_for_numbers) return;
  const std::string text = cell_text(m, count, part);
  const double size = std::min(13.0, (m.cell - 4) / std::max(1.0, text_width(text, 1)));
  drawing.add(Label{{x + m.cell / 2, y + m.cell / 2},
                    text,
                    size,
                    Label::From::middle,
                    opacity > dark_enough ? Ink::on_fill : Ink::text});
}

void draw_grid_lines(Drawing& drawing, const Matrix& m) {
  for (std::size_t i = 0; i <= m.shown.size(); ++i) {
    const double at = static_cast<double>(i) * m.cell;
    drawing.add(Stroke{{{m.left, m.top + at}, {m.left + m.side(), m.top + at}}, Ink::grid});
    drawing.add(Stroke{{{m.left + at, m.top}, {m.left + at, m.top + m.side()}}, Ink::grid});
  }
}

void draw_names(Drawing& drawing, const Matrix& m, bool slanted) {
  for (std::size_t i = 0; i < m.shown.size(); ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * m.cell;
    const std::string name = fit_text(m.classes[m.shown[i]], m.name_size, widest_name);
    drawing.add(Label{{m.left - 6, m.top + middle}, name, m.name_size, Label::From::end});
    drawing.add(Label{{m.left + middle, m.top + m.side() + 8},
                      name,
                      m.name_size,
                      Label::From::end,
                      Ink::text,
                      false,
                      slanted ? -45.0 : -90.0});
  }
}

}  // namespace

std::vector<std::size_t> shown_classes(const Confusion& confusion) {
  std::vector<std::size_t> order(confusion.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() <= max_shown_classes) return order;
  std::vector<std::int64_t> mistakes(confusion.size(), 0);
  for (std::size_t truth = 0; truth < confusion.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < confusion.size(); ++predicted) {
      if (truth == predicted) continue;
      mistakes[truth] += confusion[truth][predicted];
      mistakes[predicted] += confusion[truth][predicted];
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return mistakes[a] > mistakes[b]; });
  order.resize(max_shown_classes);
  std::sort(order.begin(), order.end());
  return order;
}

Drawing draw_confusion(const Confusion& confusion, const std::vector<std::string>& classes, CellText text) {
  Matrix m{confusion, classes, shown_classes(confusion), text};
  const auto count = static_cast<double>(std::max<std::size_t>(1, m.shown.size()));
  m.cell = std::clamp(420 / count, count <= 50 ? room_for_numbers : 12, 64.0);
  m.name_size = std::clamp(m.cell * 0.75, 9.0, 13.0);
  double widest = 0;
  for (const std::size_t i : m.shown) widest = std::max(widest, text_width(classes[i], m.name_size));
  widest = std::min(widest, widest_name);
  const bool slanted = m.cell >= room_for_numbers;
  m.left = widest + 38;
  m.top = 40;  // below the title
  const double below = (slanted ? widest * 0.75 : widest) + 44;
  const std::string title = matrix_title(m);
  Drawing drawing{
      std::max(m.left + m.side() + 16, title_width(title) + 24), m.top + m.side() + below, title, {}};
  draw_title(drawing, title, 12, drawing.width - 12);
  draw_grid_lines(drawing, m);
  for (std::size_t row = 0; row < m.shown.size(); ++row) {
    for (std::size_t column = 0; column < m.shown.size(); ++column) draw_cell(drawing, m, row, column);
  }
  draw_names(drawing, m, slanted);
  drawing.add(
      Label{{m.left + m.side() / 2, drawing.height - 14}, "predicted", 12, Label::From::middle, Ink::muted});
  drawing.add(Label{{12, m.top + m.side() / 2}, "true", 12, Label::From::middle, Ink::muted, false, -90});
  return drawing;
}

}  // namespace graft
