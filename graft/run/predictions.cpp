#include "graft/run/predictions.h"

#include "graft/core/csv.h"
#include "graft/core/csv_write.h"
#include "graft/core/files.h"

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
  std::vector<PredictionRow> rows;
  read_csv_rows(path, header, [&](const std::vector<std::string>& fields, const std::string& where) {
    rows.push_back({fields[0], fields[1], fields[2], csv_value(fields[3], header[3], where),
                    csv_value(fields[4], header[4], where)});
  });
  return rows;
}

}  // namespace graft
