#include "graft/run/predictions.h"

#include "graft/core/counted.h"
#include "graft/core/csv.h"
#include "graft/core/csv_write.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

const std::vector<std::string> header = {"path", "label", "prediction", "probability", "loss"};

}  // namespace

void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows) {
  std::string text = csv_line(header);
  for (const PredictionRow& row : rows) {
    text += csv_line({row.path, row.label, row.predicted, csv_number(row.probability), csv_number(row.loss)});
  }
  replace_file(path, text);
}

std::vector<PredictionRow> read_predictions(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  CsvReader reader(text, path.string());
  std::vector<std::string> fields;
  if (!reader.next(fields) || fields != header)
    throw Error(path.string() + ":1", "does not begin with path,label,prediction,probability,loss");
  std::vector<PredictionRow> rows;
  while (reader.next(fields)) {
    const std::string where = reader.where();
    if (fields.size() != header.size()) {
      throw Error(where, "has " + counted(fields.size(), "field") + ", not " + std::to_string(header.size()));
    }
    rows.push_back({fields[0], fields[1], fields[2], csv_value(fields[3], header[3], where),
                    csv_value(fields[4], header[4], where)});
  }
  return rows;
}

}  // namespace graft
