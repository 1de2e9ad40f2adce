#include "graft/session/sheets.h"

#include <algorithm>
#include <functional>

#include "graft/core/text.h"
#include "graft/data/transform.h"
#include "graft/infer/inference_model.h"
#include "graft/metrics/number_text.h"
#include "graft/report/grid.h"

namespace graft {
namespace {

// The first `count` images of a pass, one tile each; `finish` adds titles to the tiles of a batch.
std::vector<Tile> first_tiles(const Loader& loader, const Preprocess& preprocess, int count,
                              const std::function<void(const Batch&, Tile*)>& finish,
                              std::vector<BadImage>* bad) {
  std::vector<Tile> tiles;
  const auto stream = loader.epoch(0);
  while (static_cast<int>(tiles.size()) < count) {
    const auto batch = stream->next();
    if (!batch) break;
    const std::size_t first = tiles.size();
    const std::size_t plane = static_cast<std::size_t>(batch->size) * static_cast<std::size_t>(batch->size);
    for (std::size_t i = 0; i < batch->labels.size(); ++i) {
      tiles.push_back({denormalize(batch->images.get() + i * 3 * plane, batch->size, batch->size, preprocess),
                       "", TitleColor::plain});
    }
    finish(*batch, tiles.data() + first);
  }
  if (bad != nullptr) bad->insert(bad->end(), stream->bad().begin(), stream->bad().end());
  if (static_cast<int>(tiles.size()) > count) tiles.resize(static_cast<std::size_t>(count));
  return tiles;
}

// "ants", "ants|wild", "12.5"
std::string words_of(const Prediction& prediction, const InferenceModel& model) {
  if (prediction.number) return number_text(*prediction.number, model.task().spread());
  std::vector<ClassScore> named = prediction.named;
  std::sort(named.begin(), named.end(),
            [](const ClassScore& a, const ClassScore& b) { return a.index < b.index; });
  std::vector<std::string> names;
  for (const ClassScore& score : named)
    names.push_back(model.classes().at(static_cast<std::size_t>(score.index)));
  return names.empty() ? "nothing" : join(names, "|");
}

void title_predictions(const InferenceModel& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const Batch& batch, Tile* tiles) {
  const auto images = images_of(batch, model.device());
  const auto outputs = model.logits(images).cpu();
  check_answers(model, outputs, images,
                [&](std::int64_t row) { return samples[batch.indices[static_cast<std::size_t>(row)]].path; });
  const Task& task = model.task();
  const auto predictions = task.predictions(task.answers(outputs), 1, -1);
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const std::string& truth = labels.at(static_cast<std::size_t>(batch.labels[i]));
    tiles[i].title = "predicted: " + words_of(predictions[i], model);
    const auto right = task.is_right(predictions[i], truth, model.classes());
    if (right) tiles[i].color = *right ? TitleColor::right : TitleColor::wrong;
    if (right == false || predictions[i].number)
      tiles[i].second_title = "true: " + (truth.empty() ? "nothing" : truth);
  }
}

// Sets the layout that denormalize() requires.
LoaderPass for_drawing(LoaderPass pass) {
  pass.layout = BatchLayout::planar;
  return pass;
}

}  // namespace

Image draw_batch(const std::vector<Sample>& samples, const std::vector<std::string>& labels,
                 const Preprocess& preprocess, const LoaderOptions& options, const LoaderPass& pass,
                 int count, std::vector<BadImage>* bad) {
  const Loader loader(samples, preprocess, options, for_drawing(pass));
  const auto title = [&](const Batch& batch, Tile* tiles) {
    for (std::size_t i = 0; i < batch.labels.size(); ++i) {
      tiles[i].title = labels.at(static_cast<std::size_t>(batch.labels[i]));
    }
  };
  return draw_grid(first_tiles(loader, preprocess, count, title, bad));
}

Image draw_predictions(const Model& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const LoaderOptions& options,
                       const LoaderPass& pass, int count, const torch::Device& device,
                       std::vector<BadImage>* bad) {
  const InferenceModel ready = InferenceModel::compile(model, device, Precision::fp32, options.batch_size);
  LoaderPass shuffled = for_drawing(pass);
  shuffled.augment.reset();
  shuffled.shuffle = true;
  const Loader loader(samples, model.preprocess, options, shuffled);
  const auto title = [&](const Batch& batch, Tile* tiles) {
    title_predictions(ready, samples, labels, batch, tiles);
  };
  return draw_grid(first_tiles(loader, model.preprocess, count, title, bad));
}

}  // namespace graft
