#include "graft/run/run_tables.h"

#include <algorithm>
#include <sstream>

#include "graft/core/csv.h"
#include "graft/core/files.h"

namespace graft {
namespace {

const std::vector<std::string> predictions_header = {"path", "label", "prediction", "probability", "loss"};

const std::vector<std::string> label_figures_header = {
    "class", "average_precision", "precision", "recall", "f1", "support"};

// Empty where the run did not record it.
std::string text_of(const std::optional<double>& value) { return value ? csv_number(*value) : ""; }

}  // namespace

void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows) {
  std::string text = csv_line(predictions_header);
  for (const PredictionRow& row : rows) {
    text += csv_line({row.path, row.label, row.predicted, csv_number(row.probability), csv_number(row.loss)});
  }
  replace_file(path, text);
}

std::vector<PredictionRow> read_predictions(const std::filesystem::path& path) {
  std::vector<PredictionRow> rows;
  read_csv_rows(
      path, predictions_header, [&](const std::vector<std::string>& fields, const std::string& where) {
        rows.push_back({fields[0], fields[1], fields[2], csv_value(fields[3], predictions_header[3], where),
                        csv_value(fields[4], predictions_header[4], where)});
      });
  return rows;
}

void write_label_figures(const std::filesystem::path& path, const std::vector<NamedLabelFigures>& rows) {
  std::string text = csv_line(label_figures_header);
  for (const auto& [name, f] : rows) {
    text += csv_line({name, csv_number(f.average_precision), csv_number(f.precision), csv_number(f.recall),
                      csv_number(f.f1), std::to_string(f.support)});
  }
  replace_file(path, text);
}

std::vector<NamedLabelFigures> read_label_figures(const std::filesystem::path& path) {
  std::vector<NamedLabelFigures> rows;
  read_csv_rows(
      path, label_figures_header, [&](const std::vector<std::string>& fields, const std::string& where) {
        const auto number = [&](std::size_t i) {
          return csv_value(fields[i], label_figures_header[i], where);
        };
        rows.push_back(
            {fields[0], {number(1), number(2), number(3), number(4), static_cast<std::int64_t>(number(5))}});
      });
  return rows;
}

void write_classes(const std::filesystem::path& path, const std::vector<std::string>& classes) {
  std::string text;
  for (std::string name : classes) {
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    text += name + "\n";
  }
  replace_file(path, text);
}

std::vector<std::string> read_classes(const std::filesystem::path& path) {
  std::vector<std::string> classes;
  std::istringstream text(read_text(path));
  for (std::string line; std::getline(text, line);) classes.push_back(line);
  return classes;
}

void write_results_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history) {
  std::string text = csv_line({"epoch", "time", "train/loss", "metrics/accuracy_top1",
                               "metrics/accuracy_top5", "val/loss", "lr/pg0"});
  double time = 0;
  for (const EpochRecord& r : history) {
    time += r.seconds;
    if (r.probe) continue;
    text += csv_line({std::to_string(r.epoch), csv_number(time), csv_number(r.train_loss),
                      csv_number(r.val_acc), text_of(r.val_top5), csv_number(r.val_loss), csv_number(r.lr)});
  }
  replace_file(path, text);
}

void write_metrics_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history) {
  std::string text = csv_line({"epoch", "lr", "train_loss", "train_acc", "val_loss", "val_acc", "seconds",
                               "val_top5", "train_seconds", "val_seconds", "images", "val_map", "probe"});
  for (const EpochRecord& r : history) {
    text += csv_line({std::to_string(r.epoch), r.probe ? "" : csv_number(r.lr), csv_number(r.train_loss),
                      csv_number(r.train_acc), csv_number(r.val_loss), csv_number(r.val_acc),
                      csv_number(r.seconds), text_of(r.val_top5), text_of(r.train_seconds),
                      text_of(r.val_seconds), r.images ? std::to_string(*r.images) : "", text_of(r.val_map),
                      r.probe ? "true" : ""});
  }
  replace_file(path, text);
}

}  // namespace graft
