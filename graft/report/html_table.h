// A table of a report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/report/drawing.h"

namespace graft {

enum class Sorted { no, rising, falling };  // the initial order of the rows by a column

struct Column {
  std::string name;
  bool number = false;                // right-aligned
  std::optional<InkChoice> ink = {};  // underlines the name in the colour of the column's values in charts
  Sorted sorted = Sorted::no;
  bool minor = false;  // hidden on a page as narrow as a phone
};

class HtmlTable {
 public:
  // `caption` describes the table. `sortable`: by a click on a column's name, with scripts.
  HtmlTable(std::string caption, std::vector<Column> columns, bool sortable = false);

  // Starts a row; the first cell added is its heading. `marked`: highlights the row.
  void row(bool marked = false);
  void cell(const std::string& text);
  // Shows `text`, sorted by `value`.
  void cell(const std::string& text, double value);
  // A share of one as a number with four digits and a bar.
  void share(double value);
  // HTML that is inserted unchanged.
  void html(const std::string& content);

  std::string str() const;

 private:
  void add(const std::string& attributes, const std::string& content);
  std::string attributes() const;  // of the <table> element

  std::string caption_, rows_;
  std::vector<Column> columns_;
  bool sortable_;
  std::size_t at_ = 0;
};

}  // namespace graft
