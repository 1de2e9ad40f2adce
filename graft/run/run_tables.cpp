#include "graft/run/run_tables.h"

#include <algorithm>
#include <sstream>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

const std::vector<std::string> predictions_columns = {"path", "label", "prediction", "probability", "loss"};

const std::vector<std::string> label_metrics_header = {
    "class", "average_precision", "precision", "recall", "f1", "support"};

const std::vector<std::string> shown_pictures_header = {"path",       "width",       "height",
                                                        "full_width", "full_height", "jpeg"};

// Empty if the run did not record it.
std::string cell_text(const std::optional<double>& value) { return value ? csv_number(*value) : ""; }
std::string cell_text(const MetricValues& values, const std::string& key) {
  const double* value = value_of(values, key);
  return value == nullptr ? "" : csv_number(*value);
}

std::string val_loss_cell(const EpochRecord& record) {
  return record.validates() ? csv_number(record.val_loss) : "";
}

std::vector<std::string> keys_of(const std::vector<EpochRecord>& history, MetricValues EpochRecord::*part) {
  std::vector<MetricValues> rows;
  for (const EpochRecord& record : history) rows.push_back(record.*part);
  return metric_keys(rows);
}

std::string on_one_line(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return name;
}

}  // namespace

std::string predictions_text(const std::vector<PredictionRow>& rows) {
  std::string text = predictions_header;
  for (const PredictionRow& row : rows) {
    text += csv_line({row.path, row.label, row.predicted, cell_text(row.probability), csv_number(row.loss)});
  }
  return text;
}

void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows) {
  replace_file(path, predictions_text(rows));
}

std::vector<PredictionRow> read_predictions(const std::filesystem::path& path) {
  std::vector<PredictionRow> rows;
  read_csv_rows(path, predictions_columns,
                [&](const std::vector<std::string>& fields, const std::string& where) {
                  const auto number = [&](std::size_t i) {
                    return csv_value(fields[i], predictions_columns[i], where);
                  };
                  rows.push_back({fields[0], fields[1], fields[2],
                                  fields[3].empty() ? std::nullopt : std::optional(number(3)), number(4)});
                });
  return rows;
}

std::vector<NamedLabelMetrics> named_label_metrics(const LabelTable& table,
                                                   const std::vector<std::string>& classes) {
  std::vector<NamedLabelMetrics> rows;
  const auto metrics = label_metrics(table);
  for (std::size_t i = 0; i < metrics.size(); ++i) rows.push_back({classes[i], metrics[i]});
  return rows;
}

void write_label_metrics(const std::filesystem::path& path, const std::vector<NamedLabelMetrics>& rows) {
  std::string text = csv_line(label_metrics_header);
  for (const auto& [name, f] : rows) {
    text += csv_line({name, csv_number(f.average_precision), csv_number(f.precision), csv_number(f.recall),
                      csv_number(f.f1), std::to_string(f.support)});
  }
  replace_file(path, text);
}

std::vector<NamedLabelMetrics> read_label_metrics(const std::filesystem::path& path) {
  std::vector<NamedLabelMetrics> rows;
  read_csv_rows(
      path, label_metrics_header, [&](const std::vector<std::string>& fields, const std::string& where) {
        const auto number = [&](std::size_t i) {
          return csv_value(fields[i], label_metrics_header[i], where);
        };
        rows.push_back(
            {fields[0], {number(1), number(2), number(3), number(4), static_cast<std::int64_t>(number(5))}});
      });
  return rows;
}

void write_shown_pictures(const std::filesystem::path& path, const std::vector<ShownPicture>& rows) {
  std::string text = csv_line(shown_pictures_header);
  for (const ShownPicture& row : rows) {
    text += csv_line({row.path, std::to_string(row.width), std::to_string(row.height),
                      std::to_string(row.full_width), std::to_string(row.full_height), row.jpeg});
  }
  replace_file(path, text);
}

std::vector<ShownPicture> read_shown_pictures(const std::filesystem::path& path) {
  std::vector<ShownPicture> rows;
  read_csv_rows(path, shown_pictures_header,
                [&](const std::vector<std::string>& fields, const std::string& where) {
                  const auto side = [&](std::size_t i) {
                    const double value = csv_value(fields[i], shown_pictures_header[i], where);
                    if (!(value >= 1 && value <= 1e9))
                      throw Error(where, "the " + shown_pictures_header[i] + " \"" + shorten(fields[i]) +
                                             "\" is not a number of pixels");
                    return static_cast<int>(value);
                  };
                  if (!fields[5].starts_with("data:image/jpeg;base64,"))
                    throw Error(where, "the picture is not a JPEG");
                  rows.push_back({fields[0], side(1), side(2), side(3), side(4), fields[5]});
                });
  return rows;
}

void write_classes(const std::filesystem::path& path, const std::vector<std::string>& classes) {
  std::string text;
  for (const std::string& name : classes) text += on_one_line(name) + "\n";
  replace_file(path, text);
}

std::vector<std::string> read_classes(const std::filesystem::path& path,
                                      const std::vector<std::string>& recorded) {
  std::vector<std::string> classes;
  std::istringstream text(read_text(path));
  for (std::string line; std::getline(text, line);) {
    const std::size_t i = classes.size();
    classes.push_back(i < recorded.size() && on_one_line(recorded[i]) == line ? recorded[i] : line);
  }
  return classes;
}

void write_results_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history) {
  const std::vector<std::string> keys = keys_of(history, &EpochRecord::val);
  const bool classifies = keys.empty() || std::find(keys.begin(), keys.end(), "acc") != keys.end();
  const std::vector<std::string> columns = classifies ? std::vector<std::string>{"acc", "top5"} : keys;
  std::vector<std::string> header = {"epoch", "time", "train/loss"};
  for (const std::string& key : columns)
    header.push_back("metrics/" + (key == "acc" ? "accuracy_top1" : key == "top5" ? "accuracy_top5" : key));
  header.insert(header.end(), {"val/loss", "lr/pg0"});
  std::string text = csv_line(header);
  double time = 0;
  for (const EpochRecord& r : history) {
    time += r.seconds;
    if (r.probe) continue;
    std::vector<std::string> row = {std::to_string(r.epoch), csv_number(time), csv_number(r.train_loss)};
    for (const std::string& key : columns) row.push_back(cell_text(r.val, key));
    row.insert(row.end(), {val_loss_cell(r), csv_number(r.lr)});
    text += csv_line(row);
  }
  replace_file(path, text);
}

void write_metrics_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history) {
  const auto train = keys_of(history, &EpochRecord::train), val = keys_of(history, &EpochRecord::val);
  std::vector<std::string> header = {"epoch", "lr", "train_loss"};
  for (const std::string& key : train) header.push_back("train_" + key);
  header.emplace_back("val_loss");
  for (const std::string& key : val) header.push_back("val_" + key);
  header.insert(header.end(), {"seconds", "train_seconds", "val_seconds", "images", "probe"});
  std::string text = csv_line(header);
  for (const EpochRecord& r : history) {
    std::vector<std::string> row = {std::to_string(r.epoch), r.probe ? "" : csv_number(r.lr),
                                    csv_number(r.train_loss)};
    for (const std::string& key : train) row.push_back(cell_text(r.train, key));
    row.push_back(val_loss_cell(r));
    for (const std::string& key : val) row.push_back(cell_text(r.val, key));
    row.insert(row.end(), {csv_number(r.seconds), cell_text(r.train_seconds), cell_text(r.val_seconds),
                           r.images ? std::to_string(*r.images) : "", r.probe ? "true" : ""});
    text += csv_line(row);
  }
  replace_file(path, text);
}

}  // namespace graft
