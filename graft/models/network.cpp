#include "graft/models/network.h"

#include <torch/nn/modules/activation.h>

#include <algorithm>
#include <functional>
#include <map>
#include <typeinfo>
#include <utility>

#include "graft/core/error.h"
#include "graft/device/autocast.h"
#include "graft/device/random_state.h"
#include "graft/models/layers.h"
#include "graft/models/load.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

using torch::nn::Linear;
using torch::nn::Module;
using torch::nn::ModuleListImpl;
using torch::nn::SequentialImpl;

// Containers store a list of their elements besides their named children.
void replace_child(Module& owner, const std::string& name, const Linear& fresh) {
  owner.replace_module(name, fresh);
  const auto names = owner.named_children().keys();
  const auto index = std::find(names.begin(), names.end(), name) - names.begin();
  if (auto* sequence = owner.as<SequentialImpl>()) *(sequence->begin() + index) = torch::nn::AnyModule(fresh);
  if (auto* list = owner.as<ModuleListImpl>()) *(list->begin() + index) = fresh.ptr();
}

// A plain Module only names its children.
bool is_container(const Module& module) {
  return module.as<SequentialImpl>() != nullptr || module.as<ModuleListImpl>() != nullptr ||
         typeid(module) == typeid(Module);
}

bool is_norm(const Module& module) {
  return module.as<torch::nn::BatchNorm1dImpl>() != nullptr ||
         module.as<torch::nn::BatchNorm2dImpl>() != nullptr || module.as<ChannelNormImpl>() != nullptr ||
         module.as<torch::nn::LayerNormImpl>() != nullptr || module.as<torch::nn::GroupNormImpl>() != nullptr;
}

// The weight of a linear layer as that of a convolution 1×1: out×in → out×in×1×1.
void make_convolution(Linear& linear) {
  linear->weight.set_data(linear->weight.detach().unsqueeze(-1).unsqueeze(-1));
}

OpKind op_kind(const torch::nn::Conv2dImpl& conv) {
  const std::int64_t groups = conv.options.groups();
  if (groups == 1) return OpKind::dense_conv;
  return groups == conv.options.in_channels() ? OpKind::depthwise_conv : OpKind::grouped_conv;
}

}  // namespace

torch::Tensor Network::forward_head(const torch::Tensor& features, bool pre_logits) {
  const torch::ScalarType dtype = head_->weight.scalar_type();
  const torch::Tensor pooled = pool(features.to(dtype)).to(dtype);
  return pre_logits ? pooled : classify(pooled);
}

torch::Tensor Network::classify(const torch::Tensor& pre_logits) {
  const torch::Tensor x =
      head_dropout_ > 0 ? torch::dropout(pre_logits, head_dropout_, is_training()) : pre_logits;
  if (linear_head_) return head_(x);
  return torch::linear(x, head_->weight.flatten(1), head_->bias).relu().mean(1);
}

torch::Tensor Network::pool(const torch::Tensor& features) {
  const FeatureInfo info = feature_info();
  if (info.kind == FeatureKind::maps) return features.mean({2, 3}, /*keepdim=*/false);
  return info.prefix_tokens > 0 ? features.select(1, 0) : features.mean(1, /*keepdim=*/false);
}

void Network::check_image_size(const torch::Tensor& images, std::int64_t least) const {
  const std::int64_t height = images.size(2), width = images.size(3);
  if (std::min(height, width) >= least) return;
  const auto pixels = [](std::int64_t rows, std::int64_t columns) {
    return std::to_string(rows) + " × " + std::to_string(columns) + " pixels";
  };
  throw UsageError(name(), "cannot take images of " + pixels(height, width),
                   "give images of at least " + pixels(least, least));
}

std::vector<std::vector<std::string>> Network::groups() const {
  std::vector<std::vector<std::string>> groups;
  const auto add = [&](const std::string& name, const Module& module) {
    std::vector<std::string> names;
    for (const auto& item : module.named_parameters()) {
      std::string full = name + "." + item.key();
      if (!full.starts_with(head_name_ + ".")) names.push_back(std::move(full));
    }
    if (names.empty()) return;
    if (groups.empty() || !is_norm(module)) groups.emplace_back();
    groups.back().insert(groups.back().end(), names.begin(), names.end());
  };
  // The elements of containers, which may be nested, are groups; the containers are not.
  std::vector<std::string> own;
  const std::function<void(const std::string&, const Module&)> visit = [&](const std::string& before,
                                                                           const Module& module) {
    for (const auto& item : module.named_parameters(/*recurse=*/false)) own.push_back(before + item.key());
    for (const auto& child : module.named_children()) {
      const std::string name = before + child.key();
      is_container(*child.value()) ? visit(name + ".", *child.value()) : add(name, *child.value());
    }
  };
  visit("", *this);
  if (groups.empty() && !own.empty()) groups.emplace_back();
  if (!groups.empty()) groups.front().insert(groups.front().begin(), own.begin(), own.end());
  groups.emplace_back();
  for (const auto& item : head_->named_parameters()) groups.back().push_back(head_name_ + "." + item.key());
  return groups;
}

std::set<OpKind> Network::op_kinds() const {
  std::set<OpKind> kinds;
  for (const auto& module : modules()) {
    if (const auto* conv = module->as<ConvImpl>()) kinds.insert(conv->kind());
    if (const auto* conv = module->as<torch::nn::Conv2dImpl>()) kinds.insert(op_kind(*conv));
    if (module->as<DenseImpl>() != nullptr || module->as<torch::nn::LinearImpl>() != nullptr)
      kinds.insert(OpKind::linear);
    if (module->as<AttentionImpl>() != nullptr || module->as<torch::nn::MultiheadAttentionImpl>() != nullptr)
      kinds.insert(OpKind::attention);
  }
  return kinds;
}

void Network::add_head(const std::string& name, std::int64_t features, std::int64_t classes, double dropout) {
  const auto [owner, last] = owner_of(*this, name, /*make=*/true);
  Linear fresh(features, classes);
  auto* sequence = owner->as<SequentialImpl>();
  sequence != nullptr ? sequence->push_back(last, torch::nn::AnyModule(fresh))
                      : void(owner->register_module(last, fresh));
  head_is(name, dropout);
}

void Network::add_convolutional_head(const std::string& name, std::int64_t features, std::int64_t classes,
                                     double dropout) {
  add_head(name, features, classes, dropout);
  make_convolution(head_);
  linear_head_ = false;
}

void Network::head_is(const std::string& name, double dropout) {
  const auto [owner, last] = owner_of(*this, name, /*make=*/false);
  const auto children =
      owner == nullptr ? torch::OrderedDict<std::string, std::shared_ptr<Module>>() : owner->named_children();
  const std::shared_ptr<Module>* found = children.find(last);
  const auto linear = found == nullptr ? nullptr : std::dynamic_pointer_cast<torch::nn::LinearImpl>(*found);
  if (linear == nullptr) throw UsageError(this->name(), "has no linear layer named " + name);
  head_name_ = name;
  head_ = Linear(linear);
  head_dropout_ = dropout;
}

void Network::reset_classifier(std::int64_t classes) {
  const torch::Tensor old = head_->weight;
  Linear fresh(torch::nn::LinearOptions(old.size(1), classes).bias(head_->bias.defined()));
  fresh->to(old.device(), old.scalar_type());
  if (!linear_head_) make_convolution(fresh);
  const auto [owner, last] = owner_of(*this, head_name_, /*make=*/false);
  replace_child(*owner, last, fresh);
  head_ = fresh;
}

NetworkPtr Network::copy_to(const torch::Device& device) const {
  const torch::NoGradGuard no_gradients;
  // A new head draws its initial values; this must not change later draws.
  const auto drawn = random_state(torch::kCPU);
  const NetworkPtr copy = make_alike();
  set_random_state(torch::kCPU, drawn);
  const auto from = named_tensors(*this), to = named_tensors(*copy);
  const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (!std::equal(from.begin(), from.end(), to.begin(), to.end(), same_name))
    throw Error(name(), "its copy has other tensors", "make_alike() must build the same layers");
  for (std::size_t i = 0; i < from.size(); ++i) {
    const torch::Tensor& value = from[i].second;
    torch::Tensor target = to[i].second;
    target.set_data(value.detach().to(device, value.scalar_type(), /*non_blocking=*/false, /*copy=*/true));
    target.requires_grad_(false);
  }
  copy->eval();
  return copy;
}

void check_groups(const Network& network) {
  std::map<std::string, int> count;
  for (const auto& item : network.named_parameters()) count[item.key()] = 0;
  const auto known = [&](const std::string& name, const char* what) {
    if (!count.contains(name))
      throw Error(network.name(),
                  std::string(what) + " names " + name + ", which is not one of its parameters");
  };
  for (const auto& group : network.groups()) {
    for (const std::string& name : group) {
      known(name, "groups()");
      ++count[name];
    }
  }
  for (const std::string& name : network.no_weight_decay()) known(name, "no_weight_decay()");
  for (const auto& [name, times] : count) {
    if (times != 1)
      throw Error(network.name(), "groups() names " + name + (times == 0 ? " zero times" : " twice"),
                  "name every parameter once");
  }
}

void prepare_for_inference(Network& network, Precision precision, const torch::Tensor& trial,
                           std::int64_t batch_size) {
  const torch::NoGradGuard no_gradients;
  const torch::ScalarType dtype =
      precision == Precision::bf16 ? torch::kBFloat16 : network.head()->weight.scalar_type();
  std::vector<FoldableLayer*> layers;
  for (const auto& module : network.modules()) {
    if (auto* layer = dynamic_cast<FoldableLayer*>(module.get())) layers.push_back(layer);
  }
  for (FoldableLayer* layer : layers) layer->fold(dtype, batch_size);
  // Other devices have only one form.
  if (trial.device().is_cpu() && !layers.empty()) {
    const Autocast autocast(trial.device(), precision);
    network.forward(trial);
  }
  for (FoldableLayer* layer : layers) layer->end_trial();
}

}  // namespace graft
