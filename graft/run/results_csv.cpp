#include "graft/run/results_csv.h"

#include "graft/core/csv_write.h"
#include "graft/core/files.h"

namespace graft {
namespace {

// Empty where the run did not record it.
std::string text_of(const std::optional<double>& value) { return value ? csv_number(*value) : ""; }

}  // namespace

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
