// A table of a report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/report/drawing.h"

namespace graft {

enum class Sorted { no, rising, falling };  // how the rows come sorted by a column

struct Column {
  std::string name;
  bool number = false;                // set to the right
  std::optional<InkChoice> ink = {};  // underlines the name: the colour of what the column shows in charts
  Sorted sorted = Sorted::no;
  bool minor = false;  // left out where the page is as narrow as a telephone
};

class HtmlTable {
 public:
  // `caption` says what the table shows. `sortable`: by a click on a column's name, where scripts run.
  HtmlTable(std::string caption, std::vector<Column> columns, bool sortable = false);

  // The next row's cells are those that follow; the first is its heading. `marked`: set off from the others.
  void row(bool marked = false);
  void cell(const std::string& text);
  // Shown as `text`, sorted by `value`.
  void cell(const std::string& text, double value);
  // A share of one as a number with four digits and a bar.
  void share(double value);
  // HTML that is put in as it is.
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
