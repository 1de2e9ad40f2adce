#include "graft/report/html_table.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "graft/core/csv.h"
#include "graft/report/html_text.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

// The attribute of the cells of a column.
const char* class_of(const Column& column) {
  if (column.number) return column.minor ? " class=\"number minor\"" : " class=\"number\"";
  return column.minor ? " class=\"minor\"" : "";
}

const char* aria_sort(Sorted sorted) {
  if (sorted == Sorted::no) return "";
  return sorted == Sorted::rising ? " aria-sort=\"ascending\"" : " aria-sort=\"descending\"";
}

}  // namespace

HtmlTable::HtmlTable(std::string caption, std::vector<Column> columns, bool sortable)
    : caption_(std::move(caption)), columns_(std::move(columns)), sortable_(sortable) {}

void HtmlTable::row(bool marked) {
  if (!rows_.empty()) rows_ += "</tr>\n";
  rows_ += marked ? "<tr class=\"marked\">" : "<tr>";
  at_ = 0;
}

void HtmlTable::add(const std::string& attributes, const std::string& content) {
  const bool heading = at_ == 0;
  const char* of_column = at_ < columns_.size() ? class_of(columns_[at_]) : "";
  ++at_;
  rows_ += (heading ? "<th scope=\"row\"" : "<td") + std::string(of_column) + attributes + ">" + content +
           (heading ? "</th>" : "</td>");
}

void HtmlTable::cell(const std::string& text) { add("", wrapped_html(text)); }

void HtmlTable::cell(const std::string& text, double value) {
  add(std::isfinite(value) ? " data-value=\"" + csv_number(value) + "\"" : "", escape_html(text));
}

void HtmlTable::share(double value) {
  char text[160];
  std::snprintf(text, sizeof text, "<span class=\"share\"><span style=\"width:%.1f%%\"></span></span>%.4f",
                100 * std::clamp(value, 0.0, 1.0), value);
  add(" data-value=\"" + csv_number(value) + "\"", text);
}

void HtmlTable::html(const std::string& content) { add("", content); }

// If a page is as narrow as a phone and the numbers need its whole width, the heading of a row has its own
// line above them.
std::string HtmlTable::attributes() const {
  constexpr std::int64_t max_beside_a_heading = 4;
  const auto numbers = std::count_if(columns_.begin(), columns_.end(),
                                     [](const Column& column) { return column.number && !column.minor; });
  const bool stacked = numbers > max_beside_a_heading && !columns_.front().number;
  std::string classes = sortable_ ? "sortable" : "";
  if (stacked) classes += sortable_ ? " stacked" : "stacked";
  return (classes.empty() ? "" : " class=\"" + classes + "\"") +
         (stacked ? " style=\"--numbers:" + std::to_string(numbers) + "\"" : "");
}

std::string HtmlTable::str() const {
  std::string heads;
  for (const Column& column : columns_) {
    heads += std::string("<th scope=\"col\"") + class_of(column) + aria_sort(column.sorted) +
             (column.ink ? " style=\"border-bottom:2px solid " + css_color(*column.ink) + "\"" : "") + ">" +
             escape_html(column.name) + "</th>";
  }
  // The caption is outside the box, which scrolls horizontally on a narrow page.
  return fill_block("page.html", "table",
                    {{"caption", caption_},
                     {"attributes", Markup{attributes()}},
                     {"heads", Markup{heads}},
                     {"rows", Markup{rows_ + (rows_.empty() ? "" : "</tr>\n")}}});
}

}  // namespace graft
