#include "graft/run/run.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/text.h"

namespace graft {
namespace {

template <class T>
void set(nlohmann::ordered_json& line, const char* name, const std::optional<T>& value) {
  if (value) line[name] = *value;
}

const nlohmann::json* find(const nlohmann::json& line, const char* name) {
  const auto found = line.find(name);
  return found == line.end() || found->is_null() ? nullptr : &*found;
}

std::optional<double> optional_number(const nlohmann::json& line, const char* name) {
  const nlohmann::json* found = find(line, name);
  return found == nullptr ? std::nullopt : std::optional(found->get<double>());
}

// The fields named `prefix` followed by a metric's key.
MetricValues metrics_of(const nlohmann::json& line, const std::string& prefix) {
  MetricValues values;
  for (const auto& [name, value] : line.items()) {
    if (name.starts_with(prefix) && is_metric(name.substr(prefix.size())))
      values.push_back({name.substr(prefix.size()), number_or_nan(value)});
  }
  sort_metrics(values);
  return values;
}

EpochRecord record_of(const nlohmann::json& line) {
  EpochRecord r;
  r.epoch = whole_number<int>(line.at("epoch"));
  r.lr = number_or_nan(line.at("lr"));
  r.train_loss = number_or_nan(line.at("train_loss"));
  r.train = metrics_of(line, "train_");
  r.val_loss = number_or_nan(line.at("val_loss"));
  r.val = metrics_of(line, "val_");
  r.seconds = number_or_nan(line.at("seconds"));
  r.train_seconds = optional_number(line, "train_seconds");
  r.val_seconds = optional_number(line, "val_seconds");
  if (const auto* images = find(line, "images")) r.images = whole_number<std::int64_t>(*images);
  r.replaces = line.value("replaces", false);
  r.probe = line.value("probe", false);
  if (r.probe) r.lr = 0;
  return r;
}

}  // namespace

bool EpochRecord::is_better_than(const EpochRecord& other) const {
  if (replaces) return true;
  if (val.empty()) return false;
  const MetricValue& own = val.front();
  const double* theirs = value_of(other.val, own.key);
  if (std::isnan(own.value)) return false;
  return theirs == nullptr || std::isnan(*theirs) || is_better(find_metric(own.key), own.value, *theirs);
}

EpochRecord epoch_record(const std::string& json_line) {
  if (is_json_too_deep(json_line)) throw Error("the line", "is nested too deep");
  return record_of(nlohmann::json::parse(json_line));
}

std::string to_json_line(const EpochRecord& r) {
  nlohmann::ordered_json line;
  line["epoch"] = r.epoch;
  if (r.probe) line["probe"] = true;
  if (r.replaces) line["replaces"] = true;
  line["lr"] = nullptr;
  if (!r.probe) line["lr"] = r.lr;
  line["train_loss"] = r.train_loss;
  for (const MetricValue& each : r.train) line["train_" + each.key] = each.value;
  line["val_loss"] = r.val_loss;
  for (const MetricValue& each : r.val) line["val_" + each.key] = each.value;
  line["seconds"] = r.seconds;
  set(line, "train_seconds", r.train_seconds);
  set(line, "val_seconds", r.val_seconds);
  set(line, "images", r.images);
  return line.dump();
}

void append_history(const std::filesystem::path& path, const EpochRecord& record) {
  const auto file = disk().append(path);
  file->write(to_json_line(record) + "\n");
  file->sync();
  file->close();
}

std::string epoch_cell(const EpochRecord& record) {
  return record.probe ? "probe" : std::to_string(record.epoch);
}

std::string epoch_words(const EpochRecord& record) {
  return record.probe ? "the probe" : "epoch " + std::to_string(record.epoch);
}

int count_epochs(const std::vector<EpochRecord>& history) {
  return static_cast<int>(
      std::count_if(history.begin(), history.end(), [](const EpochRecord& record) { return !record.probe; }));
}

const EpochRecord* find_probe(const std::vector<EpochRecord>& history) {
  const auto found =
      std::find_if(history.begin(), history.end(), [](const EpochRecord& record) { return record.probe; });
  return found == history.end() ? nullptr : &*found;
}

void count_from_one(std::vector<EpochRecord>& history) {
  if (history.empty() || history.front().epoch != 0 || history.front().probe) return;
  // In 0.1 every epoch recorded the seconds of its phases, and the probe did not.
  if (history.front().lr == 0 && !history.front().train_seconds) {
    history.front().probe = true;
    return;
  }
  for (EpochRecord& record : history) {
    if (record.epoch < std::numeric_limits<int>::max()) ++record.epoch;
  }
}

std::vector<EpochRecord> read_history(const std::filesystem::path& path) {
  std::vector<EpochRecord> records;
  std::istringstream text(read_text(path));
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    try {
      records.push_back(epoch_record(line));
    } catch (const std::exception& error) {
      if (text.eof()) break;
      throw Error(path.string() + ":" + std::to_string(number),
                  "is not a record of an epoch: " + json_problem(error).words,
                  "restore the file, or remove this line");
    }
  }
  count_from_one(records);
  return records;
}

const EpochRecord* best_epoch(const std::vector<EpochRecord>& history) {
  const EpochRecord* best = nullptr;
  for (const EpochRecord& record : history) {
    if (best == nullptr || record.is_better_than(*best)) best = &record;
  }
  return best;
}

}  // namespace graft
