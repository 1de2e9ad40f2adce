#include "graft/models/joined.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"

namespace graft {
namespace {

using Parts = std::vector<const ModelSpec*>;

const Preprocess& preprocess_of_part(const ModelSpec& part) {
  const PretrainedWeights* weights = find_pretrained(part);
  return weights == nullptr ? part.preprocess : weights->preprocess;
}

Preprocess preprocess_of_largest(const Parts& parts) {
  const auto largest =
      std::max_element(parts.begin(), parts.end(), [](const ModelSpec* a, const ModelSpec* b) {
        return preprocess_of_part(*a).crop < preprocess_of_part(*b).crop;
      });
  return preprocess_of_part(**largest);
}

bool is_same_scale(const Preprocess& a, const Preprocess& b) { return a.mean == b.mean && a.std == b.std; }

// Images normalised by `from` → by `to`: images · scale + shift, for each channel.
std::pair<torch::Tensor, torch::Tensor> change_of_scale(const Preprocess& from, const Preprocess& to) {
  const torch::Tensor scale = torch::empty({1, 3, 1, 1}), shift = torch::empty({1, 3, 1, 1});
  for (std::size_t c = 0; c < 3; ++c) {
    scale.data_ptr<float>()[c] = from.std[c] / to.std[c];
    shift.data_ptr<float>()[c] = (from.mean[c] - to.mean[c]) / to.std[c];
  }
  return {scale, shift};
}

class JoinedNetwork : public Network {
 public:
  JoinedNetwork(const std::string& name, Parts specs, const NetworkOptions& options)
      : Network(name), specs_(std::move(specs)), options_(options), common_(preprocess_of_largest(specs_)) {
    std::int64_t features = 0;
    for (const ModelSpec* spec : specs_) features += add_part(*spec);
    check_one_grid();
    add_head("head", features, options.classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    std::vector<torch::Tensor> maps;
    for (const Part& part : parts_) maps.push_back(part.network->forward_features(input_of(part, images)));
    return torch::cat(maps, 1);
  }

  FeatureInfo feature_info() const override {
    FeatureInfo info = parts_.front().network->feature_info();
    info.dim = 0;
    for (const Part& part : parts_) info.dim += part.network->feature_info().dim;
    return info;
  }

  std::set<std::string> no_weight_decay() const override {
    std::set<std::string> names;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      for (const std::string& name : parts_[i].network->no_weight_decay())
        names.insert(std::to_string(i) + "." + name);
    }
    return names;
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override {
    std::vector<torch::Tensor> pooled;
    std::int64_t channel = 0;
    for (const Part& part : parts_) {
      const std::int64_t dim = part.network->feature_info().dim;
      pooled.push_back(part.network->forward_head(features.narrow(1, channel, dim), /*pre_logits=*/true));
      channel += dim;
    }
    return torch::cat(pooled, 1);
  }

  NetworkPtr make_alike() const override {
    NetworkOptions options = options_;
    options.classes = head()->weight.size(0);
    return std::make_shared<JoinedNetwork>(name(), specs_, options);
  }

 private:
  struct Part {
    NetworkPtr network;
    std::string rescaled =
        {};  // the number in the names of its buffers; empty: it takes the images as they are
  };

  // The number of its features.
  std::int64_t add_part(const ModelSpec& spec) {
    const int size = options_.input_size > 0 ? options_.input_size : common_.crop;
    Part part{spec.build({.classes = 1, .init = options_.init, .input_size = size})};
    if (!part.network->has_linear_head())
      throw UsageError("`model`", spec.name + " has no linear head, so it cannot be joined with others");
    const std::int64_t features = part.network->head()->weight.size(1);
    const auto [owner, last] = owner_of(*part.network, part.network->head_name(), /*make=*/false);
    owner->unregister_module(last);
    const std::string number = std::to_string(parts_.size());
    register_module(number, part.network);
    if (const Preprocess& own = preprocess_of_part(spec); !is_same_scale(common_, own)) {
      const auto [scale, shift] = change_of_scale(common_, own);
      register_buffer("scale_" + number, scale);
      register_buffer("shift_" + number, shift);
      part.rescaled = number;
    }
    parts_.push_back(std::move(part));
    return features;
  }

  void check_one_grid() const {
    const FeatureInfo first = parts_.front().network->feature_info();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const FeatureInfo info = parts_[i].network->feature_info();
      if (info.kind != FeatureKind::maps || info.reduction != first.reduction)
        throw UsageError("`model`",
                         specs_[i]->name + " cannot be joined with " + specs_.front()->name +
                             ": their features are not maps of one grid",
                         "join convolutional networks");
    }
  }

  torch::Tensor input_of(const Part& part, const torch::Tensor& images) const {
    if (part.rescaled.empty()) return images;
    const auto buffers = named_buffers(/*recurse=*/false);
    return images * buffers["scale_" + part.rescaled] + buffers["shift_" + part.rescaled];
  }

  Parts specs_;
  NetworkOptions options_;
  Preprocess common_;
  std::vector<Part> parts_;
};

Parts parts_named(const std::string& name) {
  Parts parts;
  std::set<std::string> names;
  for (const std::string& each : split(name, joined_by)) {
    if (each.empty())
      throw UsageError("`model`", "\"" + name + "\" has an empty name", "join names of networks with +");
    parts.push_back(&find_model(each));
    if (!names.insert(parts.back()->name).second)
      throw UsageError("`model`", "\"" + name + "\" names " + each + " twice", "name each network once");
  }
  return parts;
}

ModelSpec joined_spec(const Parts& parts) {
  ModelSpec spec;
  for (const ModelSpec* part : parts) {
    spec.name += (spec.name.empty() ? "" : std::string(1, joined_by)) + part->name;
    spec.parameters += part->parameters;
  }
  spec.family = "joined";
  spec.preprocess = preprocess_of_largest(parts);
  spec.build = [name = spec.name, parts](const NetworkOptions& options) -> NetworkPtr {
    return std::make_shared<JoinedNetwork>(name, parts, options);
  };
  return spec;
}

}  // namespace

const ModelSpec& joined_model(const std::string& name) {
  static std::mutex mutex;
  static std::deque<ModelSpec> known;
  const ModelSpec spec = joined_spec(parts_named(name));
  const std::lock_guard lock(mutex);
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const ModelSpec& each) { return each.name == spec.name; });
  if (found != known.end()) return *found;
  spec.build({.classes = 1, .init = Init::none});  // throws if they cannot be joined
  known.push_back(spec);
  return known.back();
}

FoundWeights joined_weights(const ModelSpec& spec, const ProgressCallback& progress) {
  StateDict state;
  std::string words;
  const Parts parts = parts_named(spec.name);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const LoadedNetwork part = build_with_weights(*parts[i], 1, "default", progress);
    words += (i == 0 ? "" : " + ") + part.weights;
    for (const auto& [name, tensor] : named_tensors(*part.network)) {
      if (!name.starts_with(part.network->head_name() + "."))
        state.tensors.push_back({std::to_string(i) + "." + name, keep_tensor(state, tensor.detach())});
    }
  }
  for (const auto& [name, tensor] : named_tensors(*spec.build({.classes = 1, .init = Init::none}))) {
    if (name.starts_with("scale_") || name.starts_with("shift_"))
      state.tensors.push_back({name, keep_tensor(state, tensor)});
  }
  return {words, {}, std::move(state), spec.preprocess};
}

}  // namespace graft
