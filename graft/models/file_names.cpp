#include "graft/models/file_names.h"

#include <algorithm>
#include <string_view>

#include "graft/core/text.h"
#include "graft/models/load.h"
#include "graft/weights/copies.h"

namespace graft {
namespace {

// The forms that a network's tensor names have in files.
class Spellings {
 public:
  Spellings(const Network& network, const ModelSpec& spec) {
    std::map<std::string, std::string> theirs;  // by the network's name of the layer
    for (const auto& [their, our] : spec.other_names) theirs.emplace(our, their);
    for (const auto& [name, tensor] : named_tensors(network)) {
      add(name, name, network);
      const std::size_t dot = std::min(name.rfind('.'), name.size());
      const auto other = theirs.find(name.substr(0, dot));
      if (other != theirs.end()) add(other->second + name.substr(dot), name, network);
    }
    // A file's head may have a bias that the network's lacks.
    const std::string head_bias = network.head_name() + ".bias";
    add(head_bias, head_bias, network);
  }

  // The network's own name; null if it has no such name.
  const std::string* own(std::string_view name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? nullptr : &found->second;
  }
  bool is_backbone(std::string_view name) const { return own(name) != nullptr && !in_head(name); }
  bool in_head(std::string_view name) const { return is_in_any(heads_, name); }
  std::size_t backbone_size() const { return backbone_size_; }
  // Whether the name lies within one of the backbone's layers, and not beside the head: the file's head may
  // have several layers, or another number of layers.
  bool within_backbone(std::string_view name) const {
    return layers_.contains(first_part(name)) && !is_in_any(around_head_, name);
  }

  // The name without the parts that wrappers add.
  std::string unwrapped(const std::string& name) const {
    std::vector<std::string> kept;
    std::vector<std::string> parts = split(name, '.');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool wrapper = i + 1 < parts.size() && (parts[i] == "module" || parts[i].starts_with('_')) &&
                           !parts_.contains(parts[i]);
      if (!wrapper) kept.push_back(std::move(parts[i]));
    }
    return join(kept, ".");
  }

 private:
  static std::string_view first_part(std::string_view name) { return name.substr(0, name.find('.')); }

  void add(const std::string& spelling, const std::string& name, const Network& network) {
    names_.emplace(spelling, name);
    for (std::string& part : split(spelling, '.')) parts_.insert(std::move(part));
    if (!name.starts_with(network.head_name() + ".")) {
      layers_.emplace(first_part(spelling));
      if (spelling == name) ++backbone_size_;
      return;
    }
    const std::string head = without_last_part(spelling);
    heads_.insert(head);
    if (head.find('.') != std::string::npos) around_head_.insert(without_last_part(head));
  }

  // Whether the name is that of one of these modules, or of an element of one.
  static bool is_in_any(const std::set<std::string, std::less<>>& modules, std::string_view name) {
    return std::any_of(modules.begin(), modules.end(), [&](const std::string& module) {
      return name.starts_with(module) && (name.size() == module.size() || name[module.size()] == '.');
    });
  }
  static std::string without_last_part(const std::string& name) { return name.substr(0, name.rfind('.')); }

  std::size_t backbone_size_ = 0;  // names, each once
  std::map<std::string, std::string, std::less<>> names_;
  std::set<std::string, std::less<>> parts_, layers_;
  std::set<std::string, std::less<>> heads_;        // "fc", "classifier.3"
  std::set<std::string, std::less<>> around_head_;  // "classifier"
};

// The copies of a network in a file, by the prefix before their names.
struct Prefixes {
  std::string taken;
  std::vector<std::string> others;
};

// The names without the parts of wrappers; unchanged if the file holds a wrapped copy of the network beside
// another copy, which only those parts distinguish.
std::vector<std::string> names_in(const StateDict& state, const Spellings& spellings) {
  std::vector<std::string> full, unwrapped;
  for (const NamedTensor& each : state.tensors) {
    full.push_back(each.name);
    unwrapped.push_back(spellings.unwrapped(each.name));
  }
  const std::set<std::string_view> distinct(unwrapped.begin(), unwrapped.end());
  return distinct.size() == unwrapped.size() ? unwrapped : full;
}

Prefixes find_prefixes(const std::vector<std::string>& names, const Spellings& spellings) {
  std::map<std::string, std::size_t, std::less<>> votes;
  std::vector<std::string> found;
  for (const std::string& name : names) {
    for (std::size_t start = 0; start < name.size();) {
      if (spellings.is_backbone(std::string_view(name).substr(start))) {
        std::string prefix = name.substr(0, start);
        if (++votes[prefix] == 1) found.push_back(std::move(prefix));
      }
      const std::size_t dot = name.find('.', start);
      start = dot == std::string::npos ? name.size() : dot + 1;
    }
  }
  std::size_t most = 0;
  for (const auto& [prefix, count] : votes) most = std::max(most, count);
  // Parts of a copy share names with the whole: "layer1.0." before conv1.weight.
  std::erase_if(found, [&](const std::string& prefix) { return 10 * votes[prefix] < 9 * most; });
  std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
    const std::size_t of_a = copy_rank(key_of_prefix(a)), of_b = copy_rank(key_of_prefix(b));
    return of_a != of_b ? of_a < of_b : a < b;
  });
  // Another network may share a few names with this one: "4.0." before conv1.weight.
  if (10 * most < spellings.backbone_size()) return {};
  return {found.front(), {found.begin() + 1, found.end()}};
}

// thop.profile adds these to each layer.
bool is_counter(std::string_view name) {
  return name.ends_with(".total_ops") || name.ends_with(".total_params");
}

bool starts_with_any(const std::string& name, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

}  // namespace

FittedNames fit_names(const Network& network, const ModelSpec& spec, const StateDict& state) {
  const Spellings spellings(network, spec);
  const std::vector<std::string> names = names_in(state, spellings);
  FittedNames fitted;
  const Prefixes prefixes = find_prefixes(names, spellings);
  fitted.prefix = prefixes.taken;
  fitted.other_prefixes = prefixes.others;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NamedTensor& each = state.tensors[i];
    const bool prefixed = names[i].starts_with(fitted.prefix);
    const std::string name = prefixed ? names[i].substr(fitted.prefix.size()) : "";
    const std::string* own = prefixed ? spellings.own(name) : nullptr;
    if (own == nullptr && starts_with_any(names[i], prefixes.others)) continue;
    if (own != nullptr && fitted.views.emplace(*own, &each.tensor).second) {
      fitted.renamed = fitted.renamed || *own != name;
    } else if (own != nullptr) {
      fitted.unknown.push_back(each.name + " (a second " + *own + ")");
    } else if (prefixed && spellings.within_backbone(name) && !spellings.in_head(name) && !is_counter(name)) {
      fitted.unknown.push_back(each.name);
    } else {
      fitted.outside.emplace_back(each.name, &each.tensor);
    }
  }
  for (const auto& [full_name, what] : state.unread) {
    const std::string name = spellings.unwrapped(full_name);
    const bool prefixed = name.starts_with(fitted.prefix);
    const std::string* own = prefixed ? spellings.own(name.substr(fitted.prefix.size())) : nullptr;
    if (own != nullptr) {
      fitted.unread.emplace(*own, what);
    } else {
      fitted.other_entries.push_back(full_name + " (" + what + ")");
    }
  }
  return fitted;
}

std::string key_of_prefix(const std::string& prefix) {
  return prefix.empty() ? "" : prefix.substr(0, prefix.size() - 1);
}

std::string describe(const TensorView& view) {
  std::vector<std::string> sizes;
  sizes.reserve(view.shape.size());
  for (const std::int64_t size : view.shape) sizes.push_back(std::to_string(size));
  return std::string(to_string(view.dtype)) + " " + (sizes.empty() ? "scalar" : join(sizes, "×"));
}

}  // namespace graft
