// The contents of a run folder for a report.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graft/report/thumbnail.h"
#include "graft/run/candidates.h"
#include "graft/run/config.h"
#include "graft/run/evaluation_record.h"
#include "graft/run/feature_map.h"
#include "graft/run/run.h"
#include "graft/run/val_metrics.h"

namespace graft {

struct RunData {
  RunFolder folder;
  RunConfig config;
  std::vector<EpochRecord> history;      // empty before the end of the first epoch
  LabelKind labels = LabelKind::single;  // never automatic
  std::optional<ValResults> val;         // empty without predictions_val.csv
  EvaluationRecord evaluation;           // evaluation.json; empty if there is none
  // The picture of a row of predictions_val.csv: from its file, or, if the data are not files, from
  // shown_pictures.csv.
  std::function<Thumbnail(const PredictionRow&)> picture;

  std::vector<TriedCandidate> candidates = {};  // of the preset auto

  std::uint64_t model_bytes = 0;  // of model.safetensors; 0 if it does not exist
  std::vector<MapPoint> map{};    // feature_map.csv; empty if there is none

  std::string name() const;      // the folder's
  double seconds() const;        // of the probe and all epochs
  DecodeOptions decode() const;  // of the run
};

// The longer side of RunData::picture.
inline constexpr int row_picture_side = 160;

// Throws Error if config.json is missing or a file cannot be read.
RunData read_run(const RunFolder& folder);

}  // namespace graft
