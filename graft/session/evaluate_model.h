// The metrics of a model on labelled pictures. No torch in this header.
//
//   graft::EvaluationReport report = graft::evaluate_model({.model = "runs/pets", .data = "pets"});
//   double accuracy = *graft::value_of(report.metrics, "acc");
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "graft/data/dataset.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/infer/prediction.h"
#include "graft/metrics/class_table.h"
#include "graft/metrics/label_figures.h"
#include "graft/metrics/metric.h"
#include "graft/session/model_source.h"
#include "graft/session/observer.h"

namespace graft {

struct EvaluateRequest {
  std::string model;  // a run folder or a model file
  std::string data;   // a folder with a folder for each class, or with val/, or a table; empty: the run's own
  EvaluationPart split = EvaluationPart::automatic;
  LoaderOptions loader = {};
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are refused
  PreprocessOverride preprocess = {};
  Tta tta = Tta::off;
  std::string device = "auto";
  int threads = 0;  // as set_compute_threads() takes it
  // Samples of the program's own in the place of `data`; their targets are indices of the model's classes.
  std::shared_ptr<const Dataset> own_data = nullptr;
};

// Outcomes are in the data's order, pictures that were skipped left out.
struct EvaluationReport : Outcomes {
  std::vector<std::string> classes;  // of the model; where it predicts a number, what the number is called
  MetricValues metrics;              // the primary one first
  ClassTable per_class;              // empty where there are no classes
  EvaluationPart part = EvaluationPart::all;  // what was measured; never automatic
  std::string words;           // which pictures these are, for people; empty where the data say it themselves
  std::size_t trained_on = 0;  // pictures that the run was trained on, or may have been
  std::vector<BadImage> bad;   // skipped
  double seconds = 0;
};

// Throws Error and UsageError, also where no picture of a class could be read.
EvaluationReport evaluate_model(const EvaluateRequest& request, const Observer& observer = {});

}  // namespace graft
