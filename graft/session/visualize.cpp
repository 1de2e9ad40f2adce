#include "graft/session/visualize.h"

#include <algorithm>
#include <functional>

#include "graft/core/text.h"
#include "graft/data/transform.h"
#include "graft/infer/batch_tensor.h"
#include "graft/infer/check_answers.h"
#include "graft/infer/inference_model.h"

namespace graft {
namespace {

// The first `count` images of a pass, one tile each; `finish` titles the tiles of a batch.
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

// The class of the largest logit, or of a multi-label model every class of more than one half.
std::string predicted_name(const InferenceModel& model, const torch::Tensor& logits) {
  const auto name = [&](std::int64_t i) { return model.classes().at(static_cast<std::size_t>(i)); };
  if (!model.multi_label()) return name(logits.argmax().item<std::int64_t>());
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < logits.size(0); ++i) {
    if (logits[i].item<float>() >= 0) names.push_back(name(i));
  }
  return join(names, "|");
}

bool can_say(const InferenceModel& model, const std::string& label) {
  const auto parts = model.multi_label() ? split(label, '|') : std::vector<std::string>{label};
  const std::vector<std::string>& classes = model.classes();
  return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return part.empty() || std::find(classes.begin(), classes.end(), part) != classes.end();
  });
}

void title_predictions(const InferenceModel& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const Batch& batch, Tile* tiles) {
  const auto images = images_of(batch, model.device());
  const auto logits = model.logits(images).cpu();
  check_answers(model, logits, images,
                [&](std::int64_t row) { return samples[batch.indices[static_cast<std::size_t>(row)]].path; });
  for (std::int64_t i = 0; i < batch.count; ++i) {
    const std::string name = predicted_name(model, logits[i]);
    const std::string& truth = labels.at(static_cast<std::size_t>(batch.labels[static_cast<std::size_t>(i)]));
    tiles[i].title = "predicted: " + (name.empty() ? "nothing" : name);
    if (!can_say(model, truth)) continue;
    tiles[i].color = name == truth ? TitleColor::right : TitleColor::wrong;
    if (name != truth) tiles[i].second_title = "true: " + (truth.empty() ? "nothing" : truth);
  }
}

// One pass, in the layout that denormalize() takes.
LoaderOptions for_drawing(LoaderOptions options) {
  options.layout = BatchLayout::planar;
  options.cache = "off";
  return options;
}

}  // namespace

Image draw_batch(const std::vector<Sample>& samples, const std::vector<std::string>& labels,
                 const Preprocess& preprocess, const LoaderOptions& options, int count,
                 std::vector<BadImage>* bad) {
  const Loader loader(samples, preprocess, for_drawing(options));
  const auto title = [&](const Batch& batch, Tile* tiles) {
    for (std::size_t i = 0; i < batch.labels.size(); ++i) {
      tiles[i].title = labels.at(static_cast<std::size_t>(batch.labels[i]));
    }
  };
  return draw_grid(first_tiles(loader, preprocess, count, title, bad));
}

Image draw_predictions(const Model& model, const std::vector<Sample>& samples,
                       const std::vector<std::string>& labels, const LoaderOptions& options, int count,
                       const torch::Device& device, std::vector<BadImage>* bad) {
  const InferenceModel ready = InferenceModel::compile(model, device);
  LoaderOptions loading = for_drawing(options);
  loading.augment = false;
  loading.shuffle = true;
  const Loader loader(samples, model.preprocess, loading);
  const auto title = [&](const Batch& batch, Tile* tiles) {
    title_predictions(ready, samples, labels, batch, tiles);
  };
  return draw_grid(first_tiles(loader, model.preprocess, count, title, bad));
}

}  // namespace graft
