#include "graft/session/run_files.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"
#include "graft/core/version.h"
#include "graft/data/dataset.h"
#include "graft/data/readable_classes.h"
#include "graft/device/engine_error.h"
#include "graft/image/codec.h"
#include "graft/report/report.h"
#include "graft/run/model_card.h"
#include "graft/run/run_tables.h"
#include "graft/session/auto_search.h"
#include "graft/session/map_pictures.h"
#include "graft/session/prediction_rows.h"
#include "graft/session/resume.h"
#include "graft/session/sheets.h"
#include "graft/task/task.h"

namespace graft {
namespace {

constexpr int batch_pictures = 16;
constexpr int predicted_pictures = 6;  // as in the tutorial's visualize_model

// The name of the weights without their folder.
std::string weights_name(const RunRecord& run, const std::string& architecture) {
  const std::string& asked = run.recipe.weights;
  if (asked != "default") return std::filesystem::path(asked.substr(0, asked.find('?'))).filename().string();
  const PretrainedWeights* weights = find_pretrained(find_model(architecture));
  return weights != nullptr ? weights->name : asked;
}

// The training record in the model file. It depends only on the training, so that the same training gives the
// same bytes: times and paths are in config.json.
std::map<std::string, std::string> training_record(const RunRecord& run, const std::string& architecture,
                                                   const EpochRecord& best) {
  std::map<std::string, std::string> record = {{"weights", weights_name(run, architecture)},
                                               {"preset", run.recipe.preset},
                                               {"epoch", epoch_cell(best)},
                                               {"val_loss", std::to_string(best.val_loss)},
                                               {"seed", std::to_string(run.recipe.seed)},
                                               {"graft", version()}};
  for (const MetricValue& each : best.val) {
    if (find_metric(each.key).headline) record["val_" + each.key] = std::to_string(each.value);
  }
  if (best.val.empty()) record.erase("val_loss");
  return record;
}

// "temperature 1.29, fitted to 153 held-out pictures"
std::string calibration_words(const CalibrationRecord& record) {
  const std::string number =
      record.method == "temperature" ? " " + format_text("%.4g", record.temperature) : "";
  return record.method + number + ", fitted to " + counted(record.pictures, "held-out picture");
}

std::string preprocess_words(const Preprocess& p) {
  const std::string side = std::to_string(p.crop), size = side + " × " + side;
  const std::string whole =
      p.fit == Fit::squash ? "squashed to " + size
      : p.fit == Fit::pad  ? "longer side to " + side + " pixels, padded to " + size
                          : "shorter side to " + std::to_string(p.resize) + " pixels, centre crop of " + size;
  char text[160];
  std::snprintf(text, sizeof text, " (%s), mean %.3g %.3g %.3g, std %.3g %.3g %.3g",
                to_string(p.interpolation), p.mean[0], p.mean[1], p.mean[2], p.std[0], p.std[1], p.std[2]);
  return whole + text + (p.exif ? ", rotated by EXIF orientation" : "") +
         (p.alpha == "drop" ? "" : ", transparency over " + p.alpha);
}

nlohmann::ordered_json candidates_json(const RunFolder& folder) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const TriedCandidate& row : read_candidates(folder.candidates())) {
    nlohmann::ordered_json json = {{"kind", row.kind},   {"model", row.model},   {"fit", row.fit},
                                   {"views", row.views}, {"chosen", row.chosen}, {"seconds", row.seconds}};
    if (!row.metrics.empty()) {
      json["pictures"] = row.pictures;
      json["loss"] = row.loss;
      json[row.metrics.front().key] = row.metrics.front().value;
    }
    if (row.difference) json["difference"] = *row.difference;
    if (row.standard_error) json["standard_error"] = *row.standard_error;
    if (row.average_epochs > 1) json["average_epochs"] = row.average_epochs;
    if (row.interpolate < 1) json["interpolate"] = row.interpolate;
    if (!row.note.empty()) json["note"] = row.note;
    all.push_back(std::move(json));
  }
  return all;
}

}  // namespace

nlohmann::ordered_json summary_of(const TrainResult& result, const RunFolder& folder) {
  nlohmann::ordered_json json;
  const auto add_headlines = [&](const std::string& prefix, const MetricValues& values) {
    for (const MetricValue& each : values) {
      if (find_metric(each.key).headline) json[prefix + each.key] = each.value;
    }
  };
  if (const EpochRecord* best = best_epoch(result.history)) add_headlines("best_val_", best->val);
  if (const auto& test = result.evaluation.test) add_headlines("test_", test->metrics);
  if (const auto& held_out = result.evaluation.out_of_fold) add_headlines("out_of_fold_", held_out->metrics);
  if (result.probe) json["probe"] = {{"l2", result.probe->l2}, {"cv_loss", result.probe->cv_loss}};
  json["best_epoch"] = result.best_epoch;
  add_headlines("last_val_", result.history.back().val);
  if (disk().info(folder.candidates())) json["candidates"] = candidates_json(folder);
  json["seconds"] = result.seconds;
  json["epochs"] = count_epochs(result.history);
  json["skipped"] = result.skipped;
  if (result.skipped_steps > 0) json["skipped_steps"] = result.skipped_steps;
  json["ending"] = to_string(result.ending);
  json["evaluation"] = nlohmann::ordered_json::parse(evaluation_json(result.evaluation));
  json["run"] = folder.path().string();
  if (const std::string run = folder.path().string(); !is_utf8(run)) json["run_bytes"] = percent_encode(run);
  return json;
}

const Folder& measured_pictures(const TrainingData& data) {
  return data.folded && data.val.samples.empty() ? data.train : data.val;
}

RunFiles::RunFiles(const RunFolder& folder, const std::optional<RunLock>& lock, const RunRecord& run,
                   const TrainingData& data, Model& model, const Observer& observer)
    : folder_(folder),
      lock_(lock),
      run_(run),
      data_(data),
      model_(model),
      observer_(observer),
      data_facts_(data_facts(data)) {}

void RunFiles::check_place() const {
  if (lock_) lock_->check();
}

void RunFiles::begin() {
  check_place();
  run_.searched ? begin_after_search() : folder_.begin(config_json(run_, data_));
  write_classes(folder_.classes_file(), data_.train.classes);
  open_events();
  observer_.warn(font_warnings(data_.train.classes));
  show("batch.png", [&] {
    try {
      write_sheet(folder_.batch_picture(), "batch", 0,
                  draw_batch(data_.train.samples, data_.train.label_names(), model_.preprocess,
                             run_.recipe.loader, train_pass(run_.recipe), batch_pictures));
    } catch (const UnreadablePicture&) {  // training reads the same pictures and reports it
    }
  });
}

// The files of the search stay.
void RunFiles::begin_after_search() {
  folder_.remove_temporaries();
  replace_file(folder_.history(), "");
  replace_file(folder_.config(), config_json(run_, data_));
}

void RunFiles::begin(const Checkpoint& from) {
  check_place();
  folder_.remove_temporaries();
  update_format_version(folder_.config());
  std::string lines;
  for (const EpochRecord& record : from.history) lines += to_json_line(record) + "\n";
  replace_file(folder_.history(), lines);
  if (disk().info(folder_.summary())) disk().remove(folder_.summary());
  open_events();
}

void RunFiles::epoch_end(const EpochEnd& end) {
  check_place();
  append_history(folder_.history(), end.record);
  show_events([&](EventFile& events) { events.epoch(end.record); });
  if (!end.best) return;
  model_.training = training_record(run_, model_.architecture, end.record);
  check_place();
  save_model(folder_.model(), model_);
}

void RunFiles::save_kept(const EpochRecord& best, const EvaluationRecord& learned) {
  model_.training = training_record(run_, model_.architecture, best);
  if (learned.calibration && learned.calibration->method != "off")
    model_.training["calibration"] = calibration_words(*learned.calibration);
  check_place();
  save_model(folder_.model(), model_);
}

void RunFiles::checkpoint(const Checkpoint& checkpoint) {
  check_place();
  save_checkpoint(folder_.checkpoint(), checkpoint, data_facts_);
}

void RunFiles::finish(const TrainResult& result, const torch::Device& device) {
  const int epoch = result.history.back().epoch;
  // Predictions for pictures that the model was trained on say nothing.
  const Folder& unseen = data_.val.samples.empty() ? data_.test : data_.val;
  if (!unseen.samples.empty()) {
    show("predictions.png", [&] {
      write_sheet(folder_.predictions_picture(), "predictions", epoch,
                  draw_predictions(model_, unseen.samples, unseen.label_names(), run_.recipe.loader,
                                   val_pass(run_.recipe), predicted_pictures, device));
    });
  }
  write_tables(result);
  show("map of the pictures", [&] { write_map(result, device); });
  show("model card", [&] { write_card(result); });
  show("report (graft report " + shell_word(folder_.path().string()) + " makes it again)", [&] {
    ReportOptions options;
    if (run_.own_data)
      options.read_picture = [&](std::size_t row) {
        return read_picture(measured_pictures(data_).samples.at(result.outcomes.at(row).index));
      };
    observer_.warn(write_report(folder_, options).warnings);
    const std::filesystem::path confusion = folder_.path() / confusion_png;
    if (!disk().info(confusion)) return;
    const std::string picture = read_text(confusion);
    show_events([&](EventFile& events) { events.image("confusion_matrix", epoch, picture); });
  });
  show_events([](EventFile& events) { events.close(); });
  check_place();
  // Written last, because it marks the run as complete; a run that reached its time limit can still be
  // resumed.
  replace_file(
      folder_.summary(),
      summary_of(result, folder_).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  remove_tuned_folds(folder_);
  if (result.ending != Ending::time_limit && disk().info(folder_.checkpoint()))
    disk().remove(folder_.checkpoint());
}

void RunFiles::write_tables(const TrainResult& result) {
  const auto task = make_task(model_.task);
  check_place();
  write_predictions(folder_.predictions_csv(), prediction_rows(*task, result, measured_pictures(data_)));
  if (!result.test.outcomes.empty())
    write_predictions(folder_.test_predictions_csv(), prediction_rows(*task, result.test, data_.test));
  write_outputs(folder_.outputs(), result);
  write_evaluation(folder_.evaluation(), result.evaluation);
  if (!result.labels.scores.empty())
    write_label_metrics(folder_.label_metrics(), named_label_metrics(result.labels, data_.val.classes));
  write_metrics_csv(folder_.metrics_csv(), result.history);
  write_results_csv(folder_.results_csv(), result.history);
}

// The model of a fold is one of several, whose pictures the cross-validation maps.
void RunFiles::write_map(const TrainResult& result, const torch::Device& device) {
  if (run_.recipe.data.fold > 0 || model_.task.kind == LabelKind::number) return;
  const std::vector<MapPoint> points =
      map_pictures(model_, measured_pictures(data_), result, run_.recipe, device, observer_);
  check_place();
  if (!points.empty()) write_feature_map(folder_.feature_map(), points);
}

void RunFiles::write_card(const TrainResult& result) {
  ModelCard card = read_model_card(folder_);
  card.preprocess = preprocess_words(model_.preprocess);
  card.skipped = result.skipped;
  card.python_network =
      python_network_of(find_model(model_.architecture), model_.classes.size(), model_.preprocess.crop);
  // A .pth has no scale: the last layer's bias takes the mean.
  card.has_pth = card.labels != LabelKind::number || model_.network->head()->bias.defined();
  replace_file(folder_.model_card(), model_card_text(card));
}

void RunFiles::write_sheet(const std::filesystem::path& path, const char* tag, int epoch,
                           const Image& image) {
  const auto png = encode_png(image.view());
  check_place();
  replace_file(path, png);
  show_events([&](EventFile& events) { events.image(tag, epoch, png); });
}

void RunFiles::show(const std::string& what, const std::function<void()>& make) {
  check_place();
  try {
    with_engine_errors(what, make);
  } catch (const Error& error) {
    check_place();  // no warning
    const std::string text = error.what(), named = what + ": ";
    observer_.warn("no " + named + (text.starts_with(named) ? text.substr(named.size()) : text));
  }
}

void RunFiles::open_events() {
  show("events for TensorBoard",
       [&] { events_ = std::make_unique<EventFile>(folder_.path() / event_file_name()); });
}

// Nothing is written to the event file after a failure.
void RunFiles::show_events(const std::function<void(EventFile&)>& write) {
  if (!events_) return;
  try {
    write(*events_);
  } catch (const Error& error) {
    observer_.warn(std::string("no further events for TensorBoard: ") + error.what());
    events_.reset();
  }
}

}  // namespace graft
