// What the reports of both kinds of labels that name classes have. Internal.
#pragma once

#include <cstddef>
#include <string>

#include "graft/report/run_data.h"

namespace graft {

// Pictures of each part, and the number of classes.
std::string class_tiles(const RunConfig& config);
// The pictures of each class, before there is more to tell of it.
std::string class_counts_table(const RunConfig& config);
// Training pictures of a class; empty where they are not known.
std::string training_count(const RunConfig& config, std::size_t i);
// The surest mistakes and the pictures that the model was least sure of. `names`: of a row's label or
// prediction, as text.
std::string mistakes_section(const RunData& run, std::string (*names)(const std::string&));
// Parts of their TaskReport.
inline constexpr const char* classes_not_known_yet =
    "What is known of single pictures and classes is left out.";
inline constexpr const char* batch_of_classes = "augmented training pictures titled with their classes";
inline constexpr const char* predictions_of_classes =
    "validation pictures titled with the predicted class, and with the true one where that is another";
// "3 classes"
std::string class_outputs(const RunConfig& config);

}  // namespace graft
