// Writes predictions to files: a table and sheets of pictures.
#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "graft/metrics/number_text.h"
#include "graft/report/grid.h"
#include "graft/report/report.h"
#include "graft/session/predict_pictures.h"
#include "graft/session/result_texts.h"

namespace graft {
namespace {

std::span<const ClassScore> first_of(std::span<const ClassScore> scores) {
  return scores.first(std::min<std::size_t>(1, scores.size()));
}

class AnswerFiles {
 public:
  AnswerFiles(OutputFiles& outputs, OpenedModel model)
      : outputs_(outputs),
        model_(std::move(model)),
        table_(model_.labels == LabelKind::number ? number_rows_header : class_rows_header) {
    outputs.has_header("csv", table_);
  }

  void add(const PictureAnswer& answer) {
    const Prediction& prediction = answer.prediction;
    if (outputs_.has("csv")) table_ += csv_rows(prediction, model_);
    if (answer.seen)
      seen_.push_back({answer.seen->clone(), title_of(prediction, prediction.named), TitleColor::plain});
    if (answer.explained)  // the colours show the first class
      explained_.push_back(
          {answer.explained->clone(), title_of(prediction, first_of(prediction.top)), TitleColor::plain});
    ++count_;
  }

  void write(const Observer& observer) const {
    if (outputs_.has("csv")) outputs_.write("csv", table_);
    if (!seen_.empty()) outputs_.write("grid", draw_grid(seen_).view());
    if (!explained_.empty()) outputs_.write("explain", draw_grid(explained_).view());
    const std::size_t drawn = std::max(seen_.size(), explained_.size());
    if (drawn > 0 && drawn < count_)
      observer.warn("the sheet shows the first " + std::to_string(drawn) + " of " + std::to_string(count_) +
                    " pictures");
  }

 private:
  std::string title_of(const Prediction& prediction, std::span<const ClassScore> scores) const {
    return prediction.number ? number_text(*prediction.number, model_.spread)
                             : score_words(scores, model_, " ", "");
  }

  const OutputFiles& outputs_;
  OpenedModel model_;
  std::string table_;
  std::size_t count_ = 0;
  std::vector<Tile> seen_, explained_;
};

}  // namespace

std::vector<BadImage> predict_to_files(const PredictRequest& request, OutputFiles& outputs,
                                       const std::function<void(const OpenedModel&)>& opened,
                                       const std::function<void(const PictureAnswer&)>& each,
                                       const Observer& observer) {
  PredictRequest drawing = request;
  drawing.draw = outputs.has("grid");
  drawing.explain = outputs.has("explain");
  std::optional<AnswerFiles> files;
  const auto open_files = [&](const OpenedModel& model) {
    if (drawing.draw || drawing.explain) observer.warn(font_warnings(model.classes));
    files.emplace(outputs, model);
    if (opened) opened(model);
  };
  const auto add = [&](const PictureAnswer& answer) {
    if (each) each(answer);
    files->add(answer);
  };
  std::vector<BadImage> bad = predict_pictures(drawing, open_files, add, outputs.observer(observer));
  files->write(observer);
  return bad;
}

}  // namespace graft
