// predictions_val.csv: what the model of a run says of every validation picture (docs/formats/run.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace graft {

struct PredictionRow {
  std::string path;              // of the picture, as the training had it
  std::string label, predicted;  // names of classes; of multi-label data of any number of them, a|b
  double probability = 0;        // of the prediction: softmax of its class; of several, of its least sure one
  double loss = 0;               // cross entropy against the label, natural logarithm
};

// Replaces the file as a whole.
void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows);
// Throws Error naming the line that cannot be read.
std::vector<PredictionRow> read_predictions(const std::filesystem::path& path);

}  // namespace graft
