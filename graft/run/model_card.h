// model_card.md: a model's purpose, origin, metrics and use (Mitchell et al., "Model Cards for Model
// Reporting", 2019).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/run/config.h"
#include "graft/run/evaluation_record.h"
#include "graft/run/run.h"
#include "graft/run/val_metrics.h"

namespace graft {

struct ModelCard {
  RunConfig config;
  LabelKind labels = LabelKind::single;  // never automatic
  std::optional<EpochRecord> best;       // the epoch of the model's weights
  std::optional<ValResults> val;         // of these weights, or out of fold
  EvaluationRecord evaluation;           // evaluation.json; empty if there is none
  std::int64_t skipped = 0;              // unreadable pictures in both parts
  // The preprocess in words: "shorter side to 256 (bilinear), centre crop of 224, …". May be empty.
  std::string preprocess;
  // The Python expression for the network whose weights `graft export --format pth` writes:
  // "torchvision.models.resnet18(num_classes=3)". May be empty.
  std::string python_network;
  bool has_pth = true;  // `graft export` can write it
};

// Reads config.json, classes.txt, metrics.jsonl and, if they exist, predictions_val.csv, evaluation.json and
// label_figures.csv.
ModelCard read_model_card(const RunFolder& run);

// Markdown.
std::string model_card_text(const ModelCard& card);

}  // namespace graft
