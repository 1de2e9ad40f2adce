#include "graft/session/result_texts.h"

#include <nlohmann/json.hpp>

#include "graft/core/csv.h"
#include "graft/core/json_line.h"
#include "graft/core/memory.h"
#include "graft/core/processors.h"
#include "graft/core/text.h"
#include "graft/models/registry.h"
#include "graft/session/bench.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

const std::string& class_of(const ClassScore& score, const OpenedModel& model) {
  return model.classes.at(static_cast<std::size_t>(score.index));
}

void add(Json& json, const Preprocess& preprocess) {
  json["input_size"] = preprocess.crop;
  json["resize"] = preprocess.resize;
  json["interpolation"] = to_string(preprocess.interpolation);
  json["mean"] = shortest_doubles(preprocess.mean);
  json["std"] = shortest_doubles(preprocess.std);
}

void add_known(Json& json, const Prediction& prediction) {
  if (!prediction.known) return;
  json["known"] = *prediction.known;
  json["unknown_score"] = *prediction.unknown_score;
}

// null for 0, which stands for an unknown value.
Json known(double value) { return value > 0 ? Json(value) : Json(); }

Json json_of(const PretrainedWeights& weights) {
  Json json = {{"name", weights.name},        {"file", weights.download.file},
               {"url", weights.download.url}, {"sha256", weights.download.sha256},
               {"hub", weights.hub},          {"mebibytes", known(weights.mebibytes)},
               {"source", weights.source},    {"licence", weights.licence},
               {"top1", known(weights.top1)}, {"cached", weights_at_hand(weights)},
               {"classes", weights.classes}};
  add(json, weights.preprocess);
  return json;
}

// "weights" holds the default ones.
Json json_of(const ModelSpec& spec) {
  Json json = {{"name", spec.name}, {"family", spec.family}, {"parameters", spec.parameters}};
  add(json, spec.preprocess);
  json["timm_name"] = spec.timm_name.empty() ? spec.name : spec.timm_name;
  json["weights"] = nullptr;
  json["pretrained"] = Json::array();
  for (const PretrainedWeights& weights : spec.pretrained) json["pretrained"].push_back(json_of(weights));
  if (!spec.pretrained.empty()) json["weights"] = json["pretrained"][0];
  return json;
}

Json json_of(const ComparedModel& row) {
  Json json = {{"model", row.candidate.model}, {"weights", row.candidate.weights}};
  if (!row.problem.empty()) {
    json["problem"] = row.problem;
    return json;
  }
  json["val_" + row.metrics.front().key] = row.metrics.front().value;
  json["val_loss"] = row.val_loss;
  json["images_per_second"] = row.images_per_second;
  json["parameters"] = row.parameters;
  json["skipped"] = row.skipped;
  return json;
}

Json json_of(const ClassTable& table) {
  Json rows = Json::array();
  for (const ClassTable::Row& row : table.rows) {
    Json object = {{"class", row.name}};
    for (std::size_t i = 0; i < row.values.size(); ++i) object[table.columns[i]] = row.values[i];
    object["support"] = row.support;
    rows.push_back(object);
  }
  return rows;
}

}  // namespace

std::string to_json(const EvaluationReport& report) {
  Json json;
  for (const MetricValue& each : report.metrics) {
    if (find_metric(each.key).headline) json[find_metric(each.key).id] = each.value;
  }
  for (const auto& [key, interval] : report.intervals)
    if (find_metric(key).headline) json["intervals"][find_metric(key).id] = {interval.low, interval.high};
  json["loss"] = mean_loss(report.outcomes);
  json["split"] = EnumNames<EvaluationPart>::names[static_cast<std::size_t>(report.part)];
  json["count"] = report.outcomes.size();
  json["trained_on"] = report.trained_on;
  json["skipped"] = report.bad.size();
  json["seconds"] = report.seconds;
  json["classes"] = report.classes;
  if (!report.per_class.rows.empty()) json["per_class"] = json_of(report.per_class);
  if (!report.per_class.confusion.empty()) json["confusion"] = report.per_class.confusion;
  return json_line(json);
}

std::string to_json(const Comparison& comparison) {
  Json models = Json::array();
  for (const ComparedModel& row : comparison.models) models.push_back(json_of(row));
  return json_line({{"models", models}});
}

std::string to_json(const BenchRow& row) {
  Json epochs = Json::array();
  for (const BenchPass& pass : row.passes) {
    epochs.push_back({{"seconds", pass.seconds}, {"images", pass.images}});
    if (pass.bytes_an_image) epochs.back()["bytes_an_image"] = *pass.bytes_an_image;
  }
  return json_line({{"row", row.name},
                    {"epochs", epochs},
                    {"cores", processors().available},
                    {"threads", row.threads},
                    {"input_size", row.input_size},
                    {"device", row.device},
                    {"peak_bytes", peak_resident_bytes()}});
}

std::string to_json(const Prediction& prediction, const OpenedModel& model) {
  Json json = {{"path", prediction.path}};
  if (prediction.number) {
    json["name"] = model.classes.front();
    json["number"] = *prediction.number;
    add_known(json, prediction);
    return json_line(json);
  }
  json["top"] = Json::array();
  for (const ClassScore& score : prediction.top)
    json["top"].push_back(
        {{"index", score.index}, {"class", class_of(score, model)}, {"probability", score.probability}});
  json["labels"] = Json::array();
  for (const ClassScore& score : prediction.named) json["labels"].push_back(class_of(score, model));
  if (prediction.set) {
    json["set"] = Json::array();
    for (const ClassScore& score : *prediction.set) json["set"].push_back(class_of(score, model));
  }
  add_known(json, prediction);
  return json_line(json);
}

std::string to_json(const LrSearch& search, const std::string& plot, const std::string& csv) {
  Json json = {{"lr", search.suggestion.valley},
               {"steep", search.suggestion.steep},
               {"minimum", search.suggestion.minimum},
               {"steps", search.points.size()}};
  if (!plot.empty()) json["plot"] = plot;
  if (!csv.empty()) json["csv"] = csv;
  return json_line(json);
}

std::string to_json(const ReportFiles& files, const std::vector<std::string>& runs) {
  Json json = {{"runs", runs}, {"html", files.html.string()}, {"pictures", Json::array()}};
  for (const auto& picture : files.pictures) json["pictures"].push_back(picture.string());
  for (const auto& [a, b, metric, d] : files.differences) {
    Json json_difference = {{"a", a},
                            {"b", b},
                            {"metric", metric->id},
                            {"difference", d.difference},
                            {"low", d.interval.low},
                            {"high", d.interval.high},
                            {"p", d.p},
                            {"pictures", d.samples},
                            {"significant", is_significant(d)}};
    if (d.discordant) {
      json_difference["only_a"] = d.discordant->only_a;
      json_difference["only_b"] = d.discordant->only_b;
    }
    json["differences"].push_back(json_difference);
  }
  if (!files.findings.empty()) json["findings"] = files.findings;
  return json_line(json);
}

std::string models_json(const std::vector<std::string>& patterns) {
  Json models = Json::array();
  for (const ModelSpec* spec : find_models(patterns)) models.push_back(json_of(*spec));
  return json_line(models);
}

std::string csv_rows(const Prediction& prediction, const OpenedModel& model) {
  const std::string known = !prediction.known ? "" : *prediction.known ? "1" : "0";
  const std::string unknown_score = prediction.known ? csv_number(*prediction.unknown_score) : "";
  if (prediction.number)
    return csv_line(
        {prediction.path, model.classes.front(), csv_number(*prediction.number), known, unknown_score});
  std::string rows;
  const std::vector<ClassScore>& scores = prediction.set ? *prediction.set : prediction.top;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const ClassScore& score = scores[i];
    rows += csv_line({prediction.path, std::to_string(i + 1), std::to_string(score.index),
                      class_of(score, model), csv_number(score.probability), known, unknown_score});
  }
  return rows;
}

std::string score_words(std::span<const ClassScore> scores, const OpenedModel& model, std::string_view open,
                        std::string_view close) {
  std::string words;
  for (const ClassScore& score : scores) {
    words.append(words.empty() ? "" : ", ").append(class_of(score, model)).append(open);
    words.append(format_text("%.1f%%", score.probability * 100)).append(close);
  }
  return words.empty() ? "nothing" : words;
}

}  // namespace graft
