// evaluation.json of a run folder: the metrics of its model with their intervals, and which pictures they are
// of (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/intervals.h"
#include "graft/metrics/metric.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// The metrics on one part of the pictures.
struct PartRecord {
  std::int64_t pictures = 0;
  double loss = 0;
  MetricValues metrics;  // the primary one first
  MetricIntervals intervals;
  // Of these pictures, those that a run of the starting weights was trained on, or may have been: the metrics
  // are too good.
  std::int64_t seen_before = 0;

  bool operator==(const PartRecord&) const = default;
};

// `metrics`: of the kind of labels.
PartRecord part_record(const Outcomes& outcomes, const MetricFunction& metrics);
// "the starting weights were trained on 4 of the 6 pictures: optimistic"; empty for none.
std::string seen_words(const PartRecord& part);

// Of a model whose outputs were scaled, or why they were not.
struct CalibrationRecord {
  std::string method;  // "temperature", "vector", or "off"
  std::string reason;  // of "off"
  double temperature = 1;
  std::int64_t pictures = 0;  // held-out pictures, to which it was fitted
  // Of their probabilities: the mean loss and the expected calibration error (metrics/calibration.h).
  double loss_before = 0, loss_after = 0, error_before = 0, error_after = 0;

  bool operator==(const CalibrationRecord&) const = default;
};

// Of a model that tells unknown pictures (metrics/known_pictures.h), or why it does not.
struct KnownRecord {
  std::string reason;
  double false_alarm = 0, threshold = 0;
  std::int64_t references = 0;  // training pictures in the model file
  std::int64_t held_out = 0;    // pictures that set the threshold

  bool operator==(const KnownRecord&) const = default;
};

struct EvaluationRecord {
  // Of the validation pictures. `chosen`: they also chose the epoch, which makes these metrics optimistic.
  std::optional<PartRecord> val;
  bool chosen = false;
  // Of a cross-validation: of every picture by a model that was not trained on it.
  std::optional<PartRecord> out_of_fold;
  std::optional<PartRecord> test;  // of pictures that had no part in this training
  // The metrics of each model of a cross-validation on the pictures that it held out.
  std::vector<MetricValues> folds;
  int num_folds = 0, repeats = 0;
  std::optional<CalibrationRecord> calibration;  // if the run was to be calibrated
  std::optional<KnownRecord> known;              // if it was to tell unknown pictures

  bool operator==(const EvaluationRecord&) const = default;
};

// The mean of a metric over the models of a cross-validation, and its standard deviation (of a sample: n − 1;
// 0 for one model). It is not the standard error of the mean: the models share most of their pictures.
struct MeanDeviation {
  double mean = 0, deviation = 0;
};
MeanDeviation mean_deviation(const std::vector<MetricValues>& models, const std::string& key);

void write_evaluation(const std::filesystem::path& path, const EvaluationRecord& record);
// Throws Error if the file cannot be read.
EvaluationRecord read_evaluation(const std::filesystem::path& path);
// The record as one line of JSON.
std::string evaluation_json(const EvaluationRecord& record);

}  // namespace graft
