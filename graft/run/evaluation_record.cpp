#include "graft/run/evaluation_record.h"

#include <cmath>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/json_line.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using RecordJson = nlohmann::ordered_json;

RecordJson json_of_values(const MetricValues& values) {
  RecordJson json = RecordJson::object();
  for (const MetricValue& each : values) json[each.key] = each.value;
  return json;
}

MetricValues values_of_json(const RecordJson& json) {
  MetricValues values;
  for (const auto& [key, value] : json.get_ref<const RecordJson::object_t&>()) {
    if (is_metric(key)) values.push_back({key, number_or_nan(value)});
  }
  sort_metrics(values);
  return values;
}

RecordJson json_of_part(const PartRecord& part) {
  RecordJson intervals = RecordJson::object();
  for (const auto& [key, interval] : part.intervals) intervals[key] = {interval.low, interval.high};
  RecordJson json = {{"pictures", part.pictures},
                     {"loss", part.loss},
                     {"metrics", json_of_values(part.metrics)},
                     {"intervals", intervals}};
  if (part.seen_before > 0) json["seen_before"] = part.seen_before;
  return json;
}

std::optional<PartRecord> part_of_json(const RecordJson& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return std::nullopt;
  PartRecord part;
  part.pictures = found->at("pictures").get<std::int64_t>();
  part.loss = number_or_nan(found->at("loss"));
  part.metrics = values_of_json(found->at("metrics"));
  for (const auto& [key, ends] : found->at("intervals").items())
    part.intervals.push_back({key, {number_or_nan(ends.at(0)), number_or_nan(ends.at(1))}});
  part.seen_before = found->value("seen_before", std::int64_t{0});
  return part;
}

RecordJson json_of_calibration(const CalibrationRecord& record) {
  RecordJson json = {{"method", record.method}, {"pictures", record.pictures}};
  if (record.method == "off") {
    json["reason"] = record.reason;
    return json;
  }
  if (record.method == "temperature") json["temperature"] = record.temperature;
  json["loss"] = {{"before", record.loss_before}, {"after", record.loss_after}};
  json["expected_calibration_error"] = {{"before", record.error_before}, {"after", record.error_after}};
  return json;
}

CalibrationRecord calibration_of_json(const RecordJson& json) {
  CalibrationRecord record;
  record.method = json.at("method").get<std::string>();
  record.reason = json.value("reason", "");
  record.pictures = json.at("pictures").get<std::int64_t>();
  record.temperature = json.value("temperature", 1.0);
  if (record.method == "off") return record;
  record.loss_before = number_or_nan(json.at("loss").at("before"));
  record.loss_after = number_or_nan(json.at("loss").at("after"));
  const RecordJson& error = json.at("expected_calibration_error");
  record.error_before = number_or_nan(error.at("before"));
  record.error_after = number_or_nan(error.at("after"));
  return record;
}

RecordJson json_of_known_record(const KnownRecord& record) {
  RecordJson json = {{"false_alarm", record.false_alarm}, {"held_out", record.held_out}};
  if (!record.reason.empty()) {
    json["reason"] = record.reason;
    return json;
  }
  json["threshold"] = record.threshold;
  json["references"] = record.references;
  return json;
}

KnownRecord known_record_of_json(const RecordJson& json) {
  KnownRecord record;
  record.reason = json.value("reason", "");
  record.false_alarm = json.at("false_alarm").get<double>();
  record.threshold = json.value("threshold", 0.0);
  record.references = json.value("references", std::int64_t{0});
  record.held_out = json.at("held_out").get<std::int64_t>();
  return record;
}

RecordJson json_of_record(const EvaluationRecord& record) {
  RecordJson json = RecordJson::object();
  if (record.val) {
    json["val"] = json_of_part(*record.val);
    json["val"]["chose_epoch"] = record.chosen;
  }
  if (record.out_of_fold) json["out_of_fold"] = json_of_part(*record.out_of_fold);
  if (!record.folds.empty()) {
    RecordJson models = RecordJson::array();
    for (const MetricValues& each : record.folds) models.push_back(json_of_values(each));
    json["folds"] = {{"folds", record.num_folds}, {"repeats", record.repeats}, {"models", models}};
    for (const MetricValue& each : record.folds.front()) {
      const MeanDeviation spread = mean_deviation(record.folds, each.key);
      json["folds"]["mean"][each.key] = spread.mean;
      json["folds"]["deviation"][each.key] = spread.deviation;
    }
  }
  if (record.test) json["test"] = json_of_part(*record.test);
  if (record.calibration) json["calibration"] = json_of_calibration(*record.calibration);
  if (record.known) json["known"] = json_of_known_record(*record.known);
  return json;
}

}  // namespace

PartRecord part_record(const Outcomes& outcomes, const MetricFunction& metrics) {
  return {static_cast<std::int64_t>(outcomes.outcomes.size()), mean_loss(outcomes.outcomes),
          metrics(outcomes), metric_intervals(outcomes, metrics)};
}

std::string seen_words(const PartRecord& part) {
  if (part.seen_before == 0) return "";
  return "the starting weights were trained on " + std::to_string(part.seen_before) + " of the " +
         counted(static_cast<std::size_t>(part.pictures), "picture") + ": optimistic";
}

MeanDeviation mean_deviation(const std::vector<MetricValues>& models, const std::string& key) {
  const auto count = static_cast<double>(models.size());
  MeanDeviation result;
  const auto value = [&](const MetricValues& values) {
    const double* found = value_of(values, key);
    return found == nullptr ? std::numeric_limits<double>::quiet_NaN() : *found;
  };
  for (const MetricValues& each : models) result.mean += value(each);
  result.mean /= count;
  double squares = 0;
  for (const MetricValues& each : models) squares += std::pow(value(each) - result.mean, 2);
  if (models.size() > 1) result.deviation = std::sqrt(squares / (count - 1));
  return result;
}

std::string evaluation_json(const EvaluationRecord& record) { return json_line(json_of_record(record)); }

void write_evaluation(const std::filesystem::path& path, const EvaluationRecord& record) {
  replace_file(path, json_of_record(record).dump(2) + "\n");
}

EvaluationRecord read_evaluation(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  try {
    if (is_json_too_deep(text)) throw Error(path.string(), "is nested too deep");
    const RecordJson json = RecordJson::parse(text);
    EvaluationRecord record;
    record.val = part_of_json(json, "val");
    record.chosen = record.val && json.at("val").value("chose_epoch", false);
    record.out_of_fold = part_of_json(json, "out_of_fold");
    record.test = part_of_json(json, "test");
    if (const auto calibration = json.find("calibration"); calibration != json.end())
      record.calibration = calibration_of_json(*calibration);
    if (const auto known = json.find("known"); known != json.end())
      record.known = known_record_of_json(*known);
    if (const auto folds = json.find("folds"); folds != json.end()) {
      record.num_folds = folds->value("folds", 0);
      record.repeats = folds->value("repeats", 0);
      for (const RecordJson& each : folds->at("models").get_ref<const RecordJson::array_t&>())
        record.folds.push_back(values_of_json(each));
    }
    return record;
  } catch (const nlohmann::json::exception& error) {
    const JsonProblem problem = json_problem(error);
    throw Error(path.string() + problem.line, "is damaged: " + problem.words, "remove it");
  }
}

}  // namespace graft
