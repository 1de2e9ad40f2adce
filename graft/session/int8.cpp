#include "graft/session/int8.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/loader.h"
#include "graft/deploy/quantize.h"
#include "graft/infer/tensor_source.h"
#include "graft/metrics/number_text.h"
#include "graft/task/task.h"

namespace graft {
namespace {

constexpr std::size_t sensitivity_images = 16;

// Every k-th sample, at most `count`.
std::vector<Sample> spread_samples(const std::vector<Sample>& samples, std::size_t count) {
  std::vector<Sample> chosen;
  const std::size_t taken = std::min(count, samples.size());
  for (std::size_t i = 0; i < taken; ++i) chosen.push_back(samples[i * samples.size() / taken]);
  return chosen;
}

// Pictures of `data` that are not in `measured`; all of them if there are no others.
std::vector<Sample> other_samples(const DataSource& data, const Folder& measured, const Model& model) {
  std::vector<std::string> warnings;  // those of `measured`
  EvaluationFolder all =
      open_evaluation_folder(data, model.classes, warnings, model.task.kind, EvaluationPart::all);
  std::set<std::string> known;
  for (const Sample& sample : measured.samples) known.insert(sample.path);
  std::vector<Sample> others;
  for (const Sample& sample : all.samples) {
    if (!known.contains(sample.path)) others.push_back(sample);
  }
  return others.empty() ? all.samples : others;
}

// In percentage points; for a metric in the unit of the labels in percent of it.
double drop_of(const MetricValue& before, const MetricValue& after) {
  const Metric& metric = find_metric(before.key);
  const double change =
      100 * (metric.higher_is_better ? before.value - after.value : after.value - before.value);
  return metric.unit == MetricUnit::share ? change : change / std::max(std::abs(before.value), 1e-12);
}

class Quantization {
 public:
  Quantization(const OnnxGraph& graph, const Model& model, const EvaluationRequest& data,
               const Int8Options& options, const Observer& observer)
      : graph_(graph),
        preprocess_(model.preprocess),
        task_(make_task(model.task)),
        options_(options),
        observer_(observer),
        data_(open_evaluation_data(model, data)),
        layers_(quantizable_layers(graph)) {
    observer.warn(data_.warnings);
    convert_labels(data_.folder, model.task.kind);
    const DataSource source = data.data.is_missing() ? DataSource(data_.folder.root) : data.data;
    calibration_ = spread_samples(other_samples(source, data_.folder, model),
                                  static_cast<std::size_t>(options.calibration_images));
  }

  OnnxGraph run(std::string& words) {
    if (layers_.empty()) throw Error("the network", "has no layer that can be quantised");
    Layers in_float;
    if (options_.float_ends) in_float = {layers_.front(), layers_.back()};
    calibrate();
    const MetricValue before = measure(graph_, "float32");
    OnnxGraph quantized = quantize(graph_, ranges_, in_float);
    MetricValue after = measure(quantized, "int8");
    std::vector<std::string> worst;
    for (std::size_t count = 1; drop_of(before, after) > options_.max_drop; count *= 2) {
      if (worst.empty()) worst = by_sensitivity(in_float);
      if (2 * count > layers_.size()) refuse(before, after, in_float);
      in_float.insert(worst.begin(),
                      worst.begin() + static_cast<std::ptrdiff_t>(std::min(count, worst.size())));
      quantized = quantize(graph_, ranges_, in_float);
      after = measure(quantized, "int8, " + counted(in_float.size(), "layer") + " in float32");
    }
    words = words_of(before, after, in_float);
    return quantized;
  }

 private:
  using Layers = std::set<std::string>;

  void each_batch(const std::vector<Sample>& samples, const std::string& what,
                  const std::function<void(const TensorBatch&)>& use) const {
    LoaderOptions options;
    options.batch_size = 8;
    options.skip_bad = true;
    const Loader loader(samples, preprocess_, options, LoaderPass{});
    const auto source = loader_source(loader, torch::kCPU);
    const auto stream = source->epoch(0);
    std::size_t done = 0;
    while (const auto batch = stream->next()) {
      use(*batch);
      done += static_cast<std::size_t>(batch->count());
      if (observer_.progress) observer_.progress({what, done, samples.size(), "images"});
    }
    if (done == 0)
      throw Error(samples.front().path, "and all other pictures cannot be read", "check the data");
  }

  void calibrate() {
    Calibration calibration(graph_, quantized_values(graph_, {}));
    each_batch(calibration_, "calibration", [&](const TensorBatch& batch) { calibration.add(batch.images); });
    ranges_ = calibration.statistics(options_.percentile / 100);
  }

  MetricValue measure(const OnnxGraph& graph, const std::string& what) const {
    const GraphRunner runner(graph);
    const torch::Tensor targets = task_->target_table(data_.folder);
    Outcomes outcomes;
    each_batch(data_.folder.samples, what, [&](const TensorBatch& batch) {
      task_->add_outcomes(runner.run(batch.images), batch.indices, batch.truth, targets, outcomes);
    });
    return task_->metrics(outcomes).front();
  }

  // The layers by how much the logits change if only this layer is quantised, the largest change first.
  std::vector<std::string> by_sensitivity(const Layers& in_float) const {
    std::vector<torch::Tensor> images, logits;
    const GraphRunner exact(graph_);
    each_batch(spread_samples(calibration_, sensitivity_images), "sensitivity",
               [&](const TensorBatch& batch) {
                 images.push_back(batch.images.clone());
                 logits.push_back(exact.run(batch.images));
               });
    std::vector<std::pair<double, std::string>> changes;
    for (const std::string& layer : layers_) {
      if (in_float.contains(layer)) continue;
      Layers others(layers_.begin(), layers_.end());
      others.erase(layer);
      const GraphRunner rounded(quantize(graph_, ranges_, others));
      double change = 0;
      for (std::size_t i = 0; i < images.size(); ++i)
        change += (rounded.run(images[i]) - logits[i]).square().sum().item<double>();
      changes.emplace_back(-change, layer);
      if (observer_.progress) observer_.progress({"sensitivity", changes.size(), layers_.size(), "layers"});
    }
    std::sort(changes.begin(), changes.end());
    std::vector<std::string> names;
    for (const auto& [change, layer] : changes) names.push_back(layer);
    return names;
  }

  std::string words_of(const MetricValue& before, const MetricValue& after, const Layers& in_float) const {
    const Metric& metric = find_metric(before.key);
    std::vector<std::string> names;
    for (const std::string& layer : in_float) names.push_back(layer_name(layer));
    return std::string(metric.name) + " " + metric_text(metric, after.value) + ", in float32 " +
           metric_text(metric, before.value) + ", on " +
           (data_.words.empty() ? counted(data_.folder.samples.size(), "picture") : data_.words) +
           "; layers in float32: " + (names.empty() ? "none" : shorten_list(names, 8));
  }

  [[noreturn]] void refuse(const MetricValue& before, const MetricValue& after,
                           const Layers& in_float) const {
    throw Error("the quantised model",
                "loses more than `max_drop` " + number_text(options_.max_drop) + ": " +
                    words_of(before, after, in_float),
                "use more `calibration_images`, raise `max_drop`, or export with `half`");
  }

  const OnnxGraph& graph_;
  const Preprocess& preprocess_;
  std::unique_ptr<const Task> task_;
  const Int8Options& options_;
  const Observer& observer_;
  EvaluationData data_;
  std::vector<Sample> calibration_;
  std::vector<std::string> layers_;
  GraphStatistics ranges_;
};

}  // namespace

std::string quantize_model(OnnxGraph& graph, const Model& model, const EvaluationRequest& data,
                           const Int8Options& options, const Observer& observer) {
  std::string words;
  graph = Quantization(graph, model, data, options, observer).run(words);
  return words;
}

}  // namespace graft
