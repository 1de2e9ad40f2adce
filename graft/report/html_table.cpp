#include "graft/report/html_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "graft/core/csv_write.h"
#include "graft/report/html_text.h"
#include "graft/report/palette.h"

namespace graft {

HtmlTable::HtmlTable(std::string caption, std::vector<Column> columns, bool sortable)
    : caption_(std::move(caption)), columns_(std::move(columns)), sortable_(sortable) {}

void HtmlTable::row(bool marked) {
  if (!rows_.empty()) rows_ += "</tr>\n";
  rows_ += marked ? "<tr class=\"marked\">" : "<tr>";
  at_ = 0;
}

void HtmlTable::add(const std::string& attributes, const std::string& content) {
  const bool heading = at_ == 0;
  const char* alignment = at_ < columns_.size() && columns_[at_].number ? " class=\"number\"" : "";
  ++at_;
  rows_ += (heading ? "<th scope=\"row\"" : "<td") + std::string(alignment) + attributes + ">" + content +
           (heading ? "</th>" : "</td>");
}

void HtmlTable::cell(const std::string& text) { add("", escape_html(text)); }

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

std::string HtmlTable::str() const {
  // The caption stands outside the box, which scrolls sideways where the page is narrow.
  const std::string caption = escape_html(caption_);
  std::string text = "<div class=\"table\"><p class=\"caption\">" + caption +
                     "</p>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"" + caption +
                     "\"><table" + std::string(sortable_ ? " class=\"sortable\"" : "") + ">\n<thead><tr>";
  for (const Column& column : columns_) {
    text += std::string("<th scope=\"col\"") + (column.number ? " class=\"number\"" : "") +
            (column.falling ? " aria-sort=\"descending\"" : "") +
            (column.ink ? " style=\"border-bottom:2px solid " + css_color(*column.ink) + "\"" : "") + ">" +
            escape_html(column.name) + "</th>";
  }
  return text + "</tr></thead>\n<tbody>\n" + rows_ + (rows_.empty() ? "" : "</tr>\n") +
         "</tbody></table></div></div>\n";
}

}  // namespace graft
