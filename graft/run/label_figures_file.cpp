#include "graft/run/label_figures_file.h"

#include "graft/core/counted.h"
#include "graft/core/csv.h"
#include "graft/core/csv_write.h"
#include "graft/core/error.h"
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
  const std::string text = read_text(path);
  CsvReader reader(text, path.string());
  std::vector<std::string> fields;
  if (!reader.next(fields) || fields != header)
    throw Error(path.string() + ":1",
                "does not begin with class,average_precision,precision,recall,f1,support");
  std::vector<NamedLabelFigures> rows;
  while (reader.next(fields)) {
    if (fields.size() != header.size()) {
      throw Error(reader.where(),
                  "has " + counted(fields.size(), "field") + ", not " + std::to_string(header.size()));
    }
    const auto number = [&](std::size_t i) { return csv_value(fields[i], header[i], reader.where()); };
    rows.push_back(
        {fields[0], {number(1), number(2), number(3), number(4), static_cast<std::int64_t>(number(5))}});
  }
  return rows;
}

}  // namespace graft
