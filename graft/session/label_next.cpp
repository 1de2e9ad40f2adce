#include "graft/session/label_next.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/data/dataset.h"
#include "graft/data/transform.h"
#include "graft/device/engine_error.h"
#include "graft/image/codec.h"
#include "graft/infer/badge.h"
#include "graft/metrics/number_text.h"
#include "graft/report/grid.h"
#include "graft/report/report.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/open_model.h"
#include "graft/session/result_texts.h"
#include "graft/session/seen_pictures.h"
#include "graft/task/task.h"
#include "graft/train/probe.h"

namespace graft {

const char* const label_next_header = "rank,path,predicted,probability,uncertainty\n";

namespace {

constexpr std::size_t max_tiles = 100;

std::vector<Sample> candidates_of(const LabelNextRequest& request, LabelNext& result,
                                  const Observer& observer) {
  const auto run = run_of_model(request.model);
  const auto data = run ? parts_of_run(*run) : std::nullopt;
  if (run && !data)
    observer.warn("the data of " + request.model +
                  " are not at their place: pictures that it was trained on are not left out");
  SeenPictures known;
  if (data) {
    for (const Folder* part : {&data->train, &data->val, &data->test}) known.add(part->samples);
  }
  std::vector<Sample> left;
  std::vector<std::string> runs;
  for (const std::string& path : request.pictures) {
    for (std::string& picture : list_pictures(path, &runs)) {
      Sample sample{std::move(picture)};
      known.has(sample) ? void(++result.labelled) : left.push_back(std::move(sample));
    }
  }
  if (left.empty())
    throw Error(request.pictures.front(),
                "has only pictures of the run's data, " + counted(result.labelled, "picture"),
                "give pictures without labels");
  return left;
}

// The recipe of a probe with these options, for its features and their cache.
Recipe recipe_of_request(const LabelNextRequest& request) {
  Recipe recipe;
  recipe.loader = request.loader;
  recipe.decode.max_pixels = request.max_pixels;
  recipe.feature_cache = request.feature_cache;
  recipe.cache = "off";
  return recipe;
}

FeatureSet features_of(const Model& model, const std::vector<Sample>& samples,
                       const LabelNextRequest& request, const torch::Device& device,
                       const Observer& observer) {
  const Recipe recipe = recipe_of_request(request);
  FeatureCache cache = open_feature_cache(model, recipe, observer.warning);
  FeatureSet set =
      extract_views(model, samples, 0, recipe, device, cache, "features", observer.progress).centre;
  save_feature_cache(cache, recipe, observer.warning);
  if (set.indices.empty())
    throw Error(request.pictures.front(),
                "none of its pictures could be read" +
                    (set.bad.empty() ? std::string() : ": " + set.bad.front().message));
  return set;
}

std::optional<double> uncertainty_of(LabelKind kind, const torch::Tensor& answers) {
  if (kind == LabelKind::number) return std::nullopt;
  if (kind == LabelKind::multi) return 1 - (2 * answers - 1).abs().min().item<double>();
  if (answers.size(0) < 2) return 0;
  const torch::Tensor first = std::get<0>(answers.topk(2));
  return 1 - (first[0] - first[1]).item<double>();
}

LabelNext choose(const LabelNextRequest& request, const Observer& observer) {
  if (request.count < 1) throw UsageError("`count`", "is below 1", "choose one picture or more");
  if (request.pictures.empty()) throw UsageError("`pictures`", "is empty", "name a folder of pictures");
  use_threads(request.threads, observer);
  const torch::Device device = select_device(request.device);
  Model model = open_model(request.model);
  check_can_be_probed(*model.network);
  const auto task = make_task(model.task);
  LabelNext result{{model.classes, model.task.kind, task->spread()}, {}, 0, 0, {}};
  const std::vector<Sample> samples = candidates_of(request, result, observer);
  std::vector<std::string> files = {model_file(request.model).string()};
  for (const Sample& sample : samples) files.push_back(sample.path);
  if (observer.reads) observer.reads(files);
  model.network->to(device);
  const FeatureSet set = features_of(model, samples, request, device, observer);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor logits = model.network->classify(set.features.to(device));
  check_head_answers(*model.network, logits);
  const torch::Tensor answers = task->answers(logits).cpu();
  const auto order =
      badge_order(output_gradients(model.task.kind, answers), set.features, request.count, request.seed);
  for (const std::int64_t row : order) {
    const torch::Tensor own = answers.slice(0, row, row + 1);
    ChosenPicture chosen{task->predictions(own, 1, -1).front(), uncertainty_of(model.task.kind, own[0])};
    chosen.prediction.path = samples[set.indices[static_cast<std::size_t>(row)]].path;
    result.chosen.push_back(std::move(chosen));
  }
  result.candidates = set.indices.size();
  result.bad = set.bad;
  if (result.chosen.size() < static_cast<std::size_t>(request.count))
    observer.warn("there are only " + counted(result.candidates, "picture") + " to choose from");
  return result;
}

// The most probable class, or the number.
std::string predicted_words(const Prediction& prediction, const OpenedModel& model) {
  if (prediction.number) return number_text(*prediction.number, model.spread);
  return model.classes[static_cast<std::size_t>(prediction.top.front().index)];
}

std::string table_of(const LabelNext& result) {
  std::string table = label_next_header;
  for (std::size_t i = 0; i < result.chosen.size(); ++i) {
    const auto& [prediction, uncertainty] = result.chosen[i];
    table += csv_line(
        {std::to_string(i + 1), prediction.path,
         prediction.number ? csv_number(*prediction.number) : predicted_words(prediction, result.model),
         prediction.number ? "" : csv_number(prediction.top.front().probability),
         uncertainty ? csv_number(*uncertainty) : ""});
  }
  return table;
}

Image sheet_of(const LabelNext& result, const LabelNextRequest& request, const Observer& observer) {
  const Preprocess preprocess = open_model(request.model).preprocess;
  const DecodeOptions decode = decode_options_of(preprocess, request.max_pixels);
  std::vector<Tile> tiles;
  for (const ChosenPicture& chosen : result.chosen) {
    if (tiles.size() == max_tiles) {
      observer.warn("the sheet shows the first " + std::to_string(max_tiles) + " of " +
                    counted(result.chosen.size(), "picture"));
      break;
    }
    const Prediction& prediction = chosen.prediction;
    const Image whole = decode_image(read_picture({prediction.path}), prediction.path, decode);
    std::string title = std::to_string(tiles.size() + 1) + ": " + predicted_words(prediction, result.model);
    if (chosen.uncertainty)
      title += " " + std::to_string(std::lround(100 * prediction.top.front().probability)) + "%";
    tiles.push_back({transform_val(whole.view(), preprocess), std::move(title), TitleColor::plain});
  }
  return draw_grid(tiles);
}

}  // namespace

LabelNext choose_next(const LabelNextRequest& request, const Observer& observer) {
  return with_engine_errors(request.model, [&] { return choose(request, observer); });
}

LabelNext choose_next_to_files(const LabelNextRequest& request, OutputFiles& outputs,
                               const Observer& observer) {
  LabelNext result = choose_next(request, outputs.observer(observer));
  if (outputs.has("csv")) outputs.write("csv", table_of(result));
  if (outputs.has("grid")) {
    observer.warn(font_warnings(result.model.classes));
    outputs.write("grid", sheet_of(result, request, observer).view());
  }
  return result;
}

std::string to_text(const LabelNext& result, std::size_t rank) {
  const auto& [prediction, uncertainty] = result.chosen.at(rank);
  std::string line =
      std::to_string(rank + 1) + "  " + prediction.path + ": " + predicted_words(prediction, result.model);
  if (uncertainty)
    line +=
        format_text(" (%.1f%%), uncertainty %.2f", 100 * prediction.top.front().probability, *uncertainty);
  return escaped_line(line);
}

}  // namespace graft
