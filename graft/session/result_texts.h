// Results as text for other programs: a line of JSON each, or rows of a table. This header does not include
// torch.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graft/session/search.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/predict_pictures.h"

namespace graft {

// One line of JSON without the newline. For a path that is not UTF-8, an additional member NAME_bytes has its
// bytes, percent-encoded.
std::string to_json(const EvaluationReport& report);
std::string to_json(const Comparison& comparison);
std::string to_json(const Prediction& prediction, const OpenedModel& model);
// Every network of the registry with its pretrained weights, and whether these are in the cache.
std::string models_json();

// The table of predictions: a row for each class of a picture's prediction, or one row for its number.
inline constexpr const char* class_rows_header = "path,rank,index,class,probability\n";
inline constexpr const char* number_rows_header = "path,name,number\n";
std::string csv_rows(const Prediction& prediction, const OpenedModel& model);

// For people: "ants 98.1%, wild 60.2%", with `open` and `close` around each probability; "nothing" for none.
std::string score_words(std::span<const ClassScore> scores, const OpenedModel& model, std::string_view open,
                        std::string_view close);

}  // namespace graft
