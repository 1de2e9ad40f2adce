// Common parts of the reports of single-label and multi-label data. Internal.
#pragma once

#include <cstddef>
#include <string>

#include "graft/report/run_data.h"

namespace graft {

// Tiles: the pictures of each part, and the number of classes.
std::string class_tiles(const RunConfig& config);
// A table of the pictures of each class, for a run without predictions.
std::string class_counts_table(const RunConfig& config);
// The number of training pictures of a class; empty if unknown.
std::string training_count(const RunConfig& config, std::size_t i);
// The mistakes with the highest probability and the predictions with the lowest. `names` formats a row's
// label or prediction.
std::string mistakes_section(const RunData& run, std::string (*names)(const std::string&));
// Parts of their TaskReport values.
inline constexpr const char* classes_not_known_yet = "Results of single pictures and classes are not shown.";
inline constexpr const char* batch_of_classes = "augmented training pictures titled with their classes";
inline constexpr const char* predictions_of_classes =
    "validation pictures titled with the predicted class, and with the true one if that differs";
// "3 classes"
std::string class_outputs(const RunConfig& config);

}  // namespace graft
