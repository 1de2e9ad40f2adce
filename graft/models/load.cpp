#include "graft/models/load.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/identify.h"
#include "graft/models/model_file.h"

namespace graft {
namespace {

constexpr std::size_t listed_names = 5;

// What wrappers put before every name: DataParallel, Lightning and such, timm's, torch.compile.
constexpr std::array prefixes = {"module.", "backbone.", "model.", "_orig_mod."};

std::string common_prefix(const StateDict& state) {
  std::string prefix;
  while (true) {
    const auto* found = std::find_if(prefixes.begin(), prefixes.end(), [&](const char* more) {
      return std::all_of(state.tensors.begin(), state.tensors.end(),
                         [&](const NamedTensor& t) { return t.name.starts_with(prefix + more); });
    });
    if (found == prefixes.end()) return prefix;
    prefix += *found;
  }
}

// What keeps a state dict out of a network.
struct Faults {
  std::vector<std::string> missing, extra, misshapen, infinite;

  bool any() const { return !(missing.empty() && extra.empty() && misshapen.empty() && infinite.empty()); }
  std::string text() const {
    std::string all;
    add(all, "missing", missing);
    add(all, "not known", extra);
    add(all, "of another shape or type", misshapen);
    add(all, "with values that are not finite", infinite);
    return all;
  }

 private:
  static void add(std::string& all, const char* what, const std::vector<std::string>& names) {
    if (names.empty()) return;
    if (!all.empty()) all += "; ";
    all += std::to_string(names.size()) + " " + what + ": " + shorten_list(names, listed_names);
  }
};

using Views = std::map<std::string, const TensorView*>;

// The file's tensors by the network's names.
Views views_by_name(const ModelSpec& spec, const StateDict& state, LoadReport& report, Faults& faults) {
  report.prefix = common_prefix(state);
  Views views;
  for (const NamedTensor& each : state.tensors) {
    std::string name = each.name.substr(report.prefix.size());
    const std::size_t dot = std::min(name.rfind('.'), name.size());
    const auto other = spec.other_names.find(name.substr(0, dot));
    if (other != spec.other_names.end()) {
      name = other->second + name.substr(dot);
      report.renamed = true;
    }
    if (!views.emplace(name, &each.tensor).second)
      faults.extra.push_back(each.name + " (a second " + name + ")");
  }
  return views;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sizes;
  sizes.reserve(shape.size());
  for (const std::int64_t size : shape) sizes.push_back(std::to_string(size));
  return sizes.empty() ? "scalar" : join(sizes, "×");
}

bool is_floating(DType dtype) {
  return dtype == DType::float32 || dtype == DType::float64 || dtype == DType::float16 ||
         dtype == DType::bfloat16;
}

// One loading: everything is checked before anything is written.
class Loading {
 public:
  Loading(Network& network, const ModelSpec& spec, const StateDict& state)
      : network_(network), views_(views_by_name(spec, state, report_, faults_)) {
    const auto head = views_.find(network.head_name() + ".weight");
    if (head == views_.end() || head->second->shape.size() != 2) return;
    if (head->second->shape[0] < 1) return;
    report_.file_classes = head->second->shape[0];
    report_.head_replaced = report_.file_classes != network.head()->weight.size(0);
  }

  const Faults& check() {
    for (auto& [name, target] : named_tensors(network_)) {
      const auto found = views_.find(name);
      if (found != views_.end()) {
        check_tensor(name, target, *found->second);
        views_.erase(found);
      } else if (!name.ends_with("num_batches_tracked")) {
        faults_.missing.push_back(name);
      }
    }
    for (const auto& [name, view] : views_) faults_.extra.push_back(name);
    return faults_;
  }

  LoadReport copy() {
    for (auto& [target, value] : copies_) target.copy_(value);
    return report_;
  }

 private:
  void check_tensor(const std::string& name, const torch::Tensor& target, const TensorView& view) {
    const bool in_head = name.starts_with(network_.head_name() + ".");
    std::vector<std::int64_t> expected = target.sizes().vec();
    if (in_head && report_.head_replaced) expected[0] = report_.file_classes;
    if (view.shape != expected || is_floating(view.dtype) != target.is_floating_point()) {
      faults_.misshapen.push_back(name + " (" + to_string(view.dtype) + " " + shape_text(view.shape) +
                                  ", not " + shape_text(expected) + ")");
      return;
    }
    if (in_head && report_.head_replaced) return;
    const torch::Tensor value = to_tensor(view).to(target.scalar_type());
    if (!all_finite(value)) faults_.infinite.push_back(name);
    copies_.emplace_back(target, value);
  }

  // The least and the greatest value tell: both are NaN where any value is.
  static bool all_finite(const torch::Tensor& value) {
    if (!value.is_floating_point() || value.numel() == 0) return true;
    const auto [least, greatest] = torch::aminmax(value);
    return std::isfinite(least.item<double>()) && std::isfinite(greatest.item<double>());
  }

  Network& network_;
  LoadReport report_;
  Faults faults_;
  Views views_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> copies_;
};

struct Weights {
  std::string name;                // for people
  std::filesystem::path path;      // empty for "none"
  std::optional<StateDict> state;  // empty for "none"
};

// What to do where the default weights of a model cannot be had.
std::string other_ways(const ModelSpec& missing) {
  std::vector<std::string> at_hand;
  for (const ModelSpec& spec : model_registry()) {
    if (spec.name != missing.name && weights_at_hand(spec)) at_hand.push_back(spec.name);
  }
  if (at_hand.empty()) return "or give weights of your own: --weights FILE";
  return "or use --model " + join(at_hand, " or ") + ", whose weights are at hand";
}

std::filesystem::path default_weights(const ModelSpec& spec, const ProgressCallback& progress) {
  if (!spec.weights) {
    throw UsageError("--weights", "no default weights are known for " + spec.name,
                     "give a .pth or .safetensors file, its URL, or none");
  }
  const std::filesystem::path path = hub_checkpoints() / spec.weights->download.file;
  if (spec.weights->download.url.empty() && !disk().info(path)) {
    throw Error(path.string(), "the default weights of " + spec.name + " are not there",
                spec.weights->how_to_get + "; " + other_ways(spec));
  }
  try {
    return fetch(spec.weights->download, hub_checkpoints(), progress);
  } catch (const Error& error) {
    throw Error(error.where(), error.problem(), error.advice() + "; " + other_ways(spec));
  }
}

Weights find_weights(const ModelSpec& spec, const std::string& weights, const ProgressCallback& progress) {
  if (weights == "none") return {weights, {}, {}};
  std::string name = weights;
  std::filesystem::path path = weights;
  if (weights == "default") {
    path = default_weights(spec, progress);
    name = spec.weights->name + " (" + path.string() + ")";
  } else if (weights.starts_with("http://") || weights.starts_with("https://")) {
    path = fetch(download_from_url(weights), hub_checkpoints(), progress);
  } else {
    path = model_file(weights);
  }
  return {name, path, read_weights(path)};
}

}  // namespace

LoadReport load_state(Network& network, const ModelSpec& spec, const StateDict& state,
                      const std::string& where) {
  if (state.tensors.empty()) throw Error(where, "holds no tensors");
  const torch::NoGradGuard no_gradients;
  Loading loading(network, spec, state);
  const Faults& faults = loading.check();
  if (!faults.any()) return loading.copy();
  const std::string looks_like = identify_model(state);
  throw Error(where, "does not fit " + spec.name + " (tensors " + faults.text() + ")",
              looks_like.empty() || looks_like == spec.name
                  ? ""
                  : "it looks like " + looks_like + ": use --model " + looks_like);
}

LoadedNetwork build_from_state(const ModelSpec& spec, const StateDict& state, const std::string& where) {
  LoadedNetwork loaded{spec.build(1, Init::none), where, {}};
  // Only a head that fits is made as large as the file says: the file's size then bounds the network's.
  const TensorView* head = head_weight(state);
  if (head != nullptr && head->shape[0] > 1 && head->shape[1] == loaded.network->head()->weight.size(1))
    loaded.network->replace_head(head->shape[0]);
  loaded.report = load_state(*loaded.network, spec, state, where);
  return loaded;
}

LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const std::string& weights,
                                 const ProgressCallback& progress) {
  const Weights found = find_weights(spec, weights, progress);
  if (!found.state)
    return {spec.build(classes == classes_of_file ? 1000 : classes, Init::random), found.name, {}};
  LoadedNetwork loaded;
  if (classes == classes_of_file) {
    loaded = build_from_state(spec, *found.state, found.path.string());
  } else {
    loaded.network = spec.build(classes, Init::none);
    loaded.report = load_state(*loaded.network, spec, *found.state, found.path.string());
  }
  loaded.weights = found.name;
  return loaded;
}

}  // namespace graft
