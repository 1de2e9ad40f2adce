// Results as text: for other programs a line of JSON each, or rows of a table; for people some lines. This
// header does not include torch.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graft/report/report.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/predict_pictures.h"
#include "graft/session/run.h"
#include "graft/session/search.h"

namespace graft {

// One line of JSON without the newline. For a path that is not UTF-8, an additional member NAME_bytes has its
// bytes, percent-encoded.
std::string to_json(const EvaluationReport& report);
std::string to_json(const Comparison& comparison);
std::string to_json(const Prediction& prediction, const OpenedModel& model);
// With the files that show the search, where they are named.
std::string to_json(const LrSearch& search, const std::string& plot = "", const std::string& csv = "");
std::string to_json(const ReportFiles& files, const std::vector<std::string>& runs);
// The networks that fit the patterns (find_models), with their pretrained weights, and whether these are in
// the cache.
std::string models_json(const std::vector<std::string>& patterns = {});

// The table of predictions: a row for each class of a picture's prediction, or of its prediction set, or one
// row for its number. known (1 or 0) and unknown_score are empty for a model that cannot tell.
inline constexpr const char* class_rows_header = "path,rank,index,class,probability,known,unknown_score\n";
inline constexpr const char* number_rows_header = "path,name,number,known,unknown_score\n";
// Those of files that earlier versions wrote.
inline constexpr const char* earlier_class_rows_header = "path,rank,index,class,probability\n";
inline constexpr const char* earlier_number_rows_header = "path,name,number\n";
std::string csv_rows(const Prediction& prediction, const OpenedModel& model);

// "ants 98.1%, wild 60.2%", with `open` and `close` around each probability; "nothing" for none.
std::string score_words(std::span<const ClassScore> scores, const OpenedModel& model, std::string_view open,
                        std::string_view close);

// Lines for people, with their ends. Control characters of names are escaped (core/escape.h), and options are
// named by their fields in backquotes.

// What is decided before the first step. `resumed`: the folder, of a run that continues.
std::string to_text(const RunStart& start, const std::string& resumed = "");
std::string to_text(const FoldEnd& end);               // a line
std::string to_text(const TriedCandidate& candidate);  // a line
// As the tutorial prints it: "Epoch 1/25", a rule, the losses and metrics of both parts; and an empty line.
std::string to_text(const EpochEnd& end);
// Why the training run ended, how long it took, and its best metric; and the files of its folder that show
// it.
std::string to_text(const TrainResult& result);
std::string to_text(const TrainResult& result, const RunFolder& folder);

std::string to_text(const EvaluationReport& report);  // the metrics, and a table of the classes
std::string to_text(const Comparison& comparison);    // a table of the models without a problem
std::string to_text(const LrSearch& search);
// Names the classes that the model decides on, or the prediction set; with `ranked`, the first classes. Says
// so if the picture is unlike the training pictures.
std::string to_text(const Prediction& prediction, const OpenedModel& model, bool ranked = false);

// A table of the networks that fit the patterns (find_models) with their pretrained weights, by family.
std::string models_text(const std::vector<std::string>& patterns = {});
// The versions of graft and libtorch, the device, the processors, and the place of the hub cache.
std::string machine_text();

}  // namespace graft
