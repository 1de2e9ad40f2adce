// model_card.md: what a model is for, what it was made of, how good it is and how it is loaded
// (Mitchell et al., "Model Cards for Model Reporting", 2019).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/run/config.h"
#include "graft/run/history.h"
#include "graft/run/run.h"
#include "graft/run/val_figures.h"

namespace graft {

struct ModelCard {
  RunConfig config;
  LabelKind labels = LabelKind::single;  // never automatic
  std::optional<EpochRecord> best;       // the epoch whose weights the model holds
  std::optional<ValResults> val;         // of these weights
  std::int64_t skipped = 0;              // pictures that could not be read, of both parts
  // What a picture goes through before the network, in words: "shorter side to 256 (bilinear), centre crop
  // of 224, …". May be empty.
  std::string preprocess;
  // The Python expression that makes the network which `graft export --format pth` writes weights of:
  // "torchvision.models.resnet18(num_classes=3)". May be empty.
  std::string python_network;
};

// Reads config.json, classes.txt, metrics.jsonl and, where they are there, predictions_val.csv and
// label_figures.csv.
ModelCard read_model_card(const RunFolder& run);

// Markdown.
std::string model_card_text(const ModelCard& card);

}  // namespace graft
