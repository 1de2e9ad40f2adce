#include "graft/train/parameter_groups.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "graft/core/error.h"

namespace graft {
namespace {

using NamedParameters = std::vector<std::pair<std::string, torch::Tensor>>;

NamedParameters head_of(const Network& network) {
  NamedParameters head;
  for (const auto& item : network.head()->named_parameters())
    head.emplace_back(network.head_name() + "." + item.key(), item.value());
  return head;
}

// The parameters by Network::groups(), without the head's.
std::vector<NamedParameters> backbone_groups(const Network& network) {
  std::map<std::string, torch::Tensor> parameters;
  for (const auto& item : network.named_parameters()) parameters.emplace(item.key(), item.value());
  std::vector<NamedParameters> groups;
  for (const auto& names : network.groups()) {
    NamedParameters group;
    for (const std::string& name : names) {
      if (name.starts_with(network.head_name() + ".")) continue;
      const auto found = parameters.find(name);
      if (found == parameters.end())
        throw Error(network.name(), "groups() names " + name + ", which is not one of its parameters");
      group.push_back(*found);
    }
    if (!group.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

// The number of `groups` that are trained in `epoch`, counted from the head down.
std::size_t num_learning(std::size_t groups, const Recipe& recipe, int epoch) {
  if (recipe.freeze) return 0;
  if (epoch >= recipe.unfreeze_epochs) return groups;
  return groups * static_cast<std::size_t>(epoch) / static_cast<std::size_t>(recipe.unfreeze_epochs);
}

// Makes the optimiser's groups: one for each rate, and a second one if some of its parameters have no weight
// decay.
class Assembly {
 public:
  Assembly(const Network& network, const Recipe& recipe)
      : splits_(recipe.optimizer.no_weight_decay == NoWeightDecay::biases_and_norms),
        kept_(network.no_weight_decay()) {}

  void begin_rate(double lr_scale) {
    lr_scale_ = lr_scale;
    first_ = groups_.size();
  }
  void add(const NamedParameters& parameters) {
    for (const auto& [name, parameter] : parameters)
      group_of(decays(name, parameter)).parameters.push_back(parameter);
  }
  std::vector<ParameterGroup> take() { return std::move(groups_); }

 private:
  bool decays(const std::string& name, const torch::Tensor& parameter) const {
    return !splits_ || (parameter.dim() > 1 && !name.ends_with(".bias") && !kept_.contains(name));
  }
  ParameterGroup& group_of(bool decays) {
    for (std::size_t i = first_; i < groups_.size(); ++i) {
      if (groups_[i].decays == decays) return groups_[i];
    }
    return groups_.emplace_back(ParameterGroup{{}, lr_scale_, decays});
  }

  bool splits_;
  std::set<std::string> kept_;
  std::vector<ParameterGroup> groups_;
  double lr_scale_ = 1;
  std::size_t first_ = 0;  // of the groups of this rate
};

}  // namespace

std::vector<ParameterGroup> parameter_groups(const Network& network, const Recipe& recipe) {
  Assembly assembly(network, recipe);
  assembly.begin_rate(1);
  assembly.add(head_of(network));
  if (recipe.freeze) return assembly.take();
  const auto groups = backbone_groups(network);
  double scale = recipe.backbone_lr;
  for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
    scale *= recipe.layer_decay;
    if (group == groups.rbegin() || recipe.layer_decay != 1) assembly.begin_rate(scale);
    assembly.add(*group);
  }
  return assembly.take();
}

void set_trainable(Network& network, const Recipe& recipe, int epoch) {
  auto groups = backbone_groups(network);
  const std::size_t learning = num_learning(groups.size(), recipe, epoch);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (auto& [name, parameter] : groups[i]) parameter.requires_grad_(i + learning >= groups.size());
  }
  for (auto& [name, parameter] : head_of(network)) parameter.requires_grad_(true);
}

}  // namespace graft
