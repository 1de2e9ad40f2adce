// The metrics of a model on labelled pictures. This header does not include torch.
//
//   graft::EvaluationReport report = graft::evaluate_model({.model = "runs/pets", .data = "pets"});
//   double accuracy = *graft::value_of(report.metrics, "acc");
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/infer/predictor.h"
#include "graft/metrics/intervals.h"
#include "graft/metrics/metric.h"
#include "graft/metrics/outcomes.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"

namespace graft {

struct EvaluateRequest {
  std::string model;  // a run folder or a model file
  // A folder with a folder for each class, or with val/, a table, or Datasets; missing: the data of the run.
  DataSource data = {};
  EvaluationPart split = EvaluationPart::automatic;
  LoaderOptions loader = {};
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are rejected
  PreprocessOverride preprocess = {};
  Tta tta = Tta::off;
  std::string device = "auto";
  int threads = 0;  // as for set_compute_threads()
};

// Outcomes are in the data's order, without skipped pictures.
struct EvaluationReport : Outcomes {
  std::vector<std::string> classes;           // of the model; for regression the name of the number
  MetricValues metrics;                       // the primary one first
  MetricIntervals intervals;                  // of the metrics
  ClassTable per_class;                       // empty without classes
  EvaluationPart part = EvaluationPart::all;  // the evaluated part; never automatic
  std::string words;           // describes the pictures, for people; empty if the data's path suffices
  std::size_t trained_on = 0;  // pictures of the run's training data, certain or possible
  std::vector<BadImage> bad;   // skipped
  double seconds = 0;
};

// Throws Error and UsageError, also if no picture of a class is readable.
EvaluationReport evaluate_model(const EvaluateRequest& request, const Observer& observer = {});

// The same, and writes `outputs`, which it checks first: `report` is a page with the same sections as that of
// a run, and `csv` a table with the columns of a run's predictions_val.csv (eval_rows_header). Outputs that
// were not added are not made.
EvaluationReport evaluate_to_files(const EvaluateRequest& request, OutputFiles& outputs,
                                   const Observer& observer = {});
extern const char* const eval_rows_header;

}  // namespace graft
