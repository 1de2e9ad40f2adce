#include "graft/run/candidates.h"

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

const std::vector<std::string> candidates_header = {
    "kind",           "model",    "fit",    "views",  "l2",    "average_epochs",
    "interpolate",    "pictures", "loss",   "metric", "value", "difference",
    "standard_error", "seconds",  "chosen", "note"};

std::string cell_of(const std::optional<double>& value) { return value ? csv_number(*value) : ""; }

std::string candidate_line(const TriedCandidate& row) {
  const bool measured = !row.metrics.empty();
  return csv_line(
      {row.kind, row.model, row.fit, std::to_string(row.views), csv_number(row.l2),
       std::to_string(row.average_epochs), csv_number(row.interpolate), std::to_string(row.pictures),
       measured ? csv_number(row.loss) : "", measured ? row.metrics.front().key : "",
       measured ? csv_number(row.metrics.front().value) : "", cell_of(row.difference),
       cell_of(row.standard_error), csv_number(row.seconds), row.chosen ? "true" : "false", row.note});
}

// A record of candidates.csv.
class CandidateFields {
 public:
  CandidateFields(const std::vector<std::string>& fields, const std::string& where)
      : fields_(fields), where_(where) {}

  TriedCandidate candidate() const {
    TriedCandidate row{fields_[0], fields_[1], fields_[2]};
    row.views = static_cast<int>(number(3));
    row.l2 = number(4);
    row.average_epochs = static_cast<int>(number(5));
    row.interpolate = number(6);
    row.pictures = static_cast<std::int64_t>(number(7));
    if (const std::string& key = fields_[9]; !key.empty()) {
      if (!is_metric(key)) throw Error(where_, "\"" + key + "\" is no metric");
      row.loss = number(8);
      row.metrics = {{key, number(10)}};
    }
    if (!fields_[11].empty()) row.difference = number(11);
    if (!fields_[12].empty()) row.standard_error = number(12);
    row.seconds = number(13);
    row.chosen = fields_[14] == "true";
    row.note = fields_[15];
    return row;
  }

 private:
  double number(std::size_t i) const { return csv_value(fields_[i], candidates_header[i], where_); }

  const std::vector<std::string>& fields_;
  const std::string& where_;
};

}  // namespace

std::string settings_words(const TriedCandidate& candidate) {
  std::string words = candidate.fit + ", " + counted(static_cast<std::size_t>(candidate.views) + 1, "view");
  if (candidate.average_epochs > 1)
    words += ", mean of " + counted(static_cast<std::size_t>(candidate.average_epochs), "epoch");
  if (candidate.interpolate < 1) words += format_text(", interpolated %.2f", candidate.interpolate);
  return words;
}

void write_candidates(const std::filesystem::path& path, const std::vector<TriedCandidate>& rows) {
  std::string text = csv_line(candidates_header);
  for (const TriedCandidate& row : rows) text += candidate_line(row);
  replace_file(path, text);
}

std::vector<TriedCandidate> read_candidates(const std::filesystem::path& path) {
  std::vector<TriedCandidate> rows;
  read_csv_rows(path, candidates_header,
                [&](const std::vector<std::string>& fields, const std::string& where) {
                  rows.push_back(CandidateFields(fields, where).candidate());
                });
  return rows;
}

}  // namespace graft
