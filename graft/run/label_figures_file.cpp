#include "graft/run/label_figures_file.h"

#include "graft/core/csv.h"
#include "graft/core/csv_write.h"
#include "graft/core/files.h"

namespace graft {
namespace {

const std::vector<std::string> header = {"class",  "average_precision", "precision", "recall", "f1",
                                         "support"};

}  // namespace

void write_label_figures(const std::filesystem::path& path, const std::vector<NamedLabelFigures>& rows) {
  std::string text = csv_line(header);
  for (const auto& [name, f] : rows) {
    text += csv_line({name, csv_number(f.average_precision), csv_number(f.precision), csv_number(f.recall),
                      csv_number(f.f1), std::to_string(f.support)});
  }
  replace_file(path, text);
}

std::vector<NamedLabelFigures> read_label_figures(const std::filesystem::path& path) {
  std::vector<NamedLabelFigures> rows;
  read_csv_rows(path, header, [&](const std::vector<std::string>& fields, const std::string& where) {
    const auto number = [&](std::size_t i) { return csv_value(fields[i], header[i], where); };
    rows.push_back(
        {fields[0], {number(1), number(2), number(3), number(4), static_cast<std::int64_t>(number(5))}});
  });
  return rows;
}

}  // namespace graft
