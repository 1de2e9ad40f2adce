#include "graft/models/load.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/text.h"
#include "graft/data/label_columns.h"
#include "graft/models/file_names.h"
#include "graft/models/finite.h"
#include "graft/models/hub_config.h"
#include "graft/models/hub_model.h"
#include "graft/models/joined.h"
#include "graft/models/model_file.h"
#include "graft/models/model_metadata.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformers_config.h"
#include "graft/net/hf_hub.h"

namespace graft {
namespace {

// The reasons why a state dict does not fit a network.
struct Faults {
  // Parts of the tensor names that torch.nn.utils makes, and the function that removes them.
  static constexpr std::pair<const char*, const char*> reparametrisations[] = {
      {".parametrizations.", "torch.nn.utils.parametrize.remove_parametrizations"},
      {".weight_mask", "torch.nn.utils.prune.remove"},
      {".weight_u", "torch.nn.utils.remove_spectral_norm"},
      {".weight_g", "torch.nn.utils.remove_weight_norm"}};

  std::vector<std::string> missing, extra, misshapen, infinite, negative;
  bool unread = false;  // some of the missing ones are in the file, and not read

  bool any() const { return !(fit() && infinite.empty() && negative.empty()); }
  bool fit() const { return missing.empty() && extra.empty() && misshapen.empty(); }
  std::string text() const {
    std::string all;
    add(all, "missing", missing);
    add(all, "unknown", extra);
    add(all, "of another shape or type", misshapen);
    add(all, "with values that are not finite", infinite);
    add(all, "with a negative variance", negative);
    return all;
  }

  std::string advice(const std::string& model) const {
    if (fit()) return "its training went wrong: use an earlier checkpoint of it, or other weights";
    for (const auto& [part, function] : reparametrisations) {
      if (std::any_of(extra.begin(), extra.end(), [&, part = part](const std::string& name) {
            return name.find(part) != std::string::npos;
          }))
        return std::string("save it after ") + function + ", which gives the layers their own weights again";
    }
    if (unread) return unread_tensors_advice;
    return "give weights of a network that is " + model + " in every layer before its head";
  }

 private:
  static void add(std::string& all, const char* what, const std::vector<std::string>& names) {
    if (names.empty()) return;
    if (!all.empty()) all += "; ";
    all += counted(names.size(), "tensor") + " " + what + ": " + shorten_list(names);
  }
};

bool is_floating(DType dtype) {
  return dtype == DType::float32 || dtype == DType::float64 || dtype == DType::float16 ||
         dtype == DType::bfloat16;
}

// Counters, and what a network computes when it is built.
bool may_be_absent(const std::string& buffer) {
  return buffer.ends_with("num_batches_tracked") || buffer.ends_with("relative_position_index") ||
         buffer.ends_with("relative_coords_table");
}

// Of the head's weight for this number of outputs.
std::vector<std::int64_t> head_shape(const Network& network, std::int64_t outputs) {
  std::vector<std::int64_t> shape = network.head()->weight.sizes().vec();
  shape[0] = outputs;
  return shape;
}

// Names the copy of the network in the file that was loaded. `key` is empty for the copy at the root.
std::string copies_note(const std::string& key, std::vector<std::string> others) {
  for (std::string& other : others) {
    if (other.empty()) other = "no key";
  }
  return "took the weights " + (key.empty() ? "under no key" : "under \"" + key + "\"") +
         "; the file has others under " + shorten_list(others);
}

// Loads one state dict: all checks come before the first write.
class Loading {
 public:
  Loading(Network& network, FittedNames names, FileHead head)
      : network_(network), names_(std::move(names)), head_(network.head_name() + ".") {
    faults_.extra = names_.unknown;
    if (has_head()) report_.file_classes = names_.views.at(head_ + "weight")->shape[0];
    for (const auto& module : network.named_modules()) {
      if (const auto* norm = module.value()->as<torch::nn::BatchNorm2dImpl>())
        eps_of_variance_[module.key() + ".running_var"] = norm->options.eps();
    }
    report_.head_replaced = head == FileHead::leave || report_.file_classes != network.head()->weight.size(0);
  }

  const Faults& check() {
    for (auto& [name, target] : named_tensors(network_)) {
      if (name.starts_with(head_) && report_.head_replaced) continue;
      const auto found = names_.views.find(name);
      const auto unread = names_.unread.find(name);
      if (found != names_.views.end()) {
        check_tensor(name, target, *found->second);
      } else if (unread != names_.unread.end()) {
        faults_.missing.push_back(name + " (it is " + unread->second + ")");
        faults_.unread = true;
      } else if (!may_be_absent(name)) {
        faults_.missing.push_back(name);
      }
    }
    return faults_;
  }

  LoadReport copy() {
    for (auto& [target, value] : copies_) target.copy_(value);
    report_.prefix = names_.prefix;
    report_.renamed = names_.renamed;
    add_copies();
    add_note("tensor", "of a head that does not fit", head_left_out());
    add_note("tensor", "that the network does not have", outside());
    add_note("entry", "without a tensor", names_.other_entries);
    return report_;
  }

  // The file's tensors in place of the head, if they do not fit.
  std::vector<std::string> head_left_out() const {
    std::vector<std::string> left;
    if (report_.file_classes != 0) return left;
    for (const char* leaf : {"weight", "bias"}) {
      const auto view = names_.views.find(head_ + leaf);
      const auto unread = names_.unread.find(head_ + leaf);
      if (view != names_.views.end()) left.push_back(head_ + leaf + " (" + describe(*view->second) + ")");
      if (unread != names_.unread.end()) left.push_back(head_ + leaf + " (" + unread->second + ")");
    }
    return left;
  }

  std::vector<std::string> outside() const {
    std::vector<std::string> left;
    for (const auto& [name, view] : names_.outside) left.push_back(name + " (" + describe(*view) + ")");
    return left;
  }

 private:
  // A layer for the network's features, with a bias exactly if the network's head has one. It is the last
  // layer.
  bool has_head() const {
    const auto weight = names_.views.find(head_ + "weight"), bias = names_.views.find(head_ + "bias");
    const bool has_bias = bias != names_.views.end();
    if (weight == names_.views.end() || has_bias != network_.head()->bias.defined()) return false;
    const TensorView& w = *weight->second;
    return !w.shape.empty() && w.shape[0] >= 1 && w.shape == head_shape(network_, w.shape[0]) &&
           is_floating(w.dtype) && (!has_bias || is_bias(*bias->second, w.shape[0])) && !is_read(w.shape[0]);
  }
  // Whether another linear layer of the file takes the layer's outputs: it is then a hidden layer.
  bool is_read(std::int64_t outputs) const {
    return outputs > 1 && std::any_of(names_.outside.begin(), names_.outside.end(), [&](const auto& each) {
             return each.second->shape.size() == 2 && each.second->shape[1] == outputs;
           });
  }
  static bool is_bias(const TensorView& view, std::int64_t outputs) {
    return view.shape == std::vector<std::int64_t>{outputs} && is_floating(view.dtype);
  }

  void check_tensor(const std::string& name, const torch::Tensor& target, const TensorView& view) {
    // A state dict that was cast as a whole has floating-point batch counters too.
    const bool is_counter = name.ends_with("num_batches_tracked");
    const bool is_other_kind = !is_counter && is_floating(view.dtype) != target.is_floating_point();
    if (view.shape != target.sizes().vec() || is_other_kind) {
      const char* kind = !is_other_kind ? "" : target.is_floating_point() ? "floating-point " : "integer ";
      faults_.misshapen.push_back(name + " (" + describe(view) + ", not " + kind + shape_text(target) + ")");
      return;
    }
    const torch::Tensor value = to_tensor(view).to(target.scalar_type());
    const auto eps = eps_of_variance_.find(name);
    if (!all_finite(value)) {
      faults_.infinite.push_back(name);
    } else if (eps != eps_of_variance_.end() && has_negative_variance(value, eps->second)) {
      faults_.negative.push_back(name);
    }
    copies_.emplace_back(target, value);
  }

  static std::string shape_text(const torch::Tensor& tensor) {
    std::vector<std::string> sizes;
    for (const std::int64_t size : tensor.sizes()) sizes.push_back(std::to_string(size));
    return sizes.empty() ? "scalar" : join(sizes, "×");
  }

  void add_copies() {
    if (names_.other_prefixes.empty()) return;
    std::vector<std::string> others;
    for (const std::string& prefix : names_.other_prefixes) others.push_back(key_of_prefix(prefix));
    report_.notes.push_back(copies_note(key_of_prefix(names_.prefix), others));
  }

  void add_note(const std::string& what, const std::string& why, const std::vector<std::string>& names) {
    if (names.empty()) return;
    report_.notes.push_back("left out " + counted(names.size(), what) + " " + why + ": " +
                            shorten_list(names));
  }

  Network& network_;
  FittedNames names_;
  std::string head_;                               // "fc."
  std::map<std::string, double> eps_of_variance_;  // by "bn1.running_var"
  LoadReport report_;
  Faults faults_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> copies_;
};

std::string metadata_text(const StateDict& state, const char* key) {
  const auto found = state.metadata.find(key);
  return found == state.metadata.end() ? "" : found->second;
}

// In the metadata: the path of the config.json that states the architecture.
constexpr const char* config_key = "architecture_config";

// A file's statement of its model.
struct StatedModel {
  std::string name;                 // as written; empty: the file states none
  const ModelSpec* spec = nullptr;  // null for an unknown name
};

StatedModel stated_model(const StateDict& state) {
  if (is_model_file(state) || is_exported(state)) {
    StatedModel stated{metadata_text(state, "architecture")};
    for (const ModelSpec& spec : model_registry()) {
      if (spec.name == stated.name) stated.spec = &spec;
    }
    if (is_joined(stated.name)) stated.spec = &find_model(stated.name);
    return stated;
  }
  StatedModel stated;
  for (const char* key : {"arch", "architecture"}) {
    const std::string name = metadata_text(state, key);
    if (const ModelSpec* spec = find_by_stated_name(name)) return {name, spec};
    if (stated.name.empty()) stated.name = name;
  }
  return stated;
}

// "states that its model is resnet34"
std::string statement(const StateDict& state, const std::string& name) {
  const std::string config = metadata_text(state, config_key);
  return (config.empty() ? "states" : "has " + config + " beside it, which states") + " that its model is " +
         shorten(name);
}

// If the names of the file's tensors fit several models, notes which one is assumed, unless the file names
// its model.
void settle_twins(const ModelSpec& spec, const StateDict& state, LoadReport& report) {
  const bool shared = !spec.twins.empty() && (report.renamed || spec.other_names.empty());
  if (!shared || stated_model(state).spec != nullptr) return;
  const std::string own = name_in_timm(spec);
  std::string twins, advice;
  for (const std::string& name : spec.twins) {
    const ModelSpec& twin = find_model(name);
    twins += " or " + name_in_timm(twin);
    advice += "; for " + name_in_timm(twin) + " use `model` " + twin.name;
  }
  report.notes.push_back("the file does not state whether its model is timm's " + own + twins +
                         ", whose tensors have the same names: " + own + " is assumed (`model` " + spec.name +
                         ")" + advice);
}

bool is_lookalike(const std::string& name, const ModelSpec& spec) {
  return std::any_of(spec.lookalikes.begin(), spec.lookalikes.end(), [&](const std::string& lookalike) {
    return normalised_model_name(lookalike) == normalised_model_name(name);
  });
}

// Throws Error if the file states that its model is another one.
void check_stated(const ModelSpec& spec, const StateDict& state, const FittedNames& names,
                  const std::string& where) {
  const StatedModel stated = stated_model(state);
  if (is_lookalike(stated.name, spec))
    throw Error(where,
                statement(state, stated.name) + ", which has the tensors of " + spec.name +
                    " but computes differently",
                "graft does not have that model: give weights of " + spec.name);
  if (stated.spec == nullptr || stated.spec == &spec) return;
  const bool is_twin = std::find(spec.twins.begin(), spec.twins.end(), stated.spec->name) != spec.twins.end();
  // torchvision's model may have the name of timm's other one.
  const bool own_name = normalised_model_name(stated.name) == normalised_model_name(spec.name);
  if (own_name && !is_twin) return;
  // Names of the first library belong to this model only.
  if (is_twin && !spec.other_names.empty() && !names.renamed) return;
  throw Error(where, statement(state, stated.spec->name) + ", not " + spec.name,
              "use `model` " + stated.spec->name);
}

// Notes a stated model that is not in the registry. "ResNet" names the family, not another model.
void note_unknown_model(const ModelSpec& spec, const StateDict& state, LoadReport& report) {
  const StatedModel stated = stated_model(state);
  const std::string name = normalised_model_name(stated.name);
  if (stated.spec != nullptr || name.empty() || name == normalised_model_name(spec.family)) return;
  report.notes.push_back("the file " + statement(state, stated.name) +
                         ", which this graft does not have; it is read as " + spec.name);
}

void note_key(const StateDict& state, LoadReport& report) {
  if (!state.other_keys.empty()) report.notes.push_back(copies_note(state.key, state.other_keys));
}

// The tensors do not show whether a program has changed the layers.
void note_module(const ModelSpec& spec, const StateDict& state, LoadReport& report) {
  if (state.module.empty()) return;
  report.notes.push_back("the file is a pickled " + state.module +
                         ", of which only the tensors are read: its layers compute as in " + spec.name +
                         ", also if a program has changed them (stride, pooling, activation, epsilon)");
}

// The class names of one of graft's model files, unchecked; load_model() checks them.
std::vector<std::string> class_names(const StateDict& state) {
  const std::string text = metadata_text(state, "classes");
  if (!is_model_file(state) || is_json_too_deep(text)) return {};
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> names;
  if (!json.is_array()) return names;
  for (const auto& name : json) names.push_back(name.is_string() ? name.get<std::string>() : "");
  return names;
}

// The alternatives if the default weights of a model are not available.
std::string other_ways(const ModelSpec& missing) {
  std::vector<std::string> at_hand;
  for (const ModelSpec& spec : model_registry()) {
    if (spec.name != missing.name && weights_at_hand(spec)) at_hand.push_back(spec.name);
  }
  if (at_hand.empty()) return "or give weights of your own (`weights`)";
  return "or use `model` " + join(at_hand, " or ") + ", whose weights are in the hub cache";
}

// "hf-hub:OWNER/NAME"; empty for weights elsewhere.
std::string hub_name_of(const PretrainedWeights& weights) {
  return weights.hub.empty() ? "" : "hf-hub:" + weights.hub;
}

// The metadata of a file that graft exported gives its preprocess and classes. A config.json beside other
// weights does, as in timm's repositories on the Hugging Face hub, if the file itself does not name its
// model.
void ask_description(const ModelSpec& spec, FoundWeights& found) {
  if (auto exported = read_exported_metadata(*found.state, found.path.string())) {
    found.preprocess = exported->preprocess;
    found.classes = std::move(exported->classes);
    found.labels = exported->task.kind;
  }
  if (is_model_file(*found.state) || !stated_model(*found.state).name.empty()) return;
  const std::filesystem::path folder = found.path.parent_path();
  auto config = read_hub_config(folder, found.preprocess);
  if (!config) return;
  if (!config->pool.empty() && config->pool != spec.timm_pool)
    throw Error((folder / "config.json").string(),
                "states the pooling \"" + shorten(printable(config->pool)) + "\", and " + spec.name +
                    " has \"" + spec.timm_pool + "\"",
                "use weights with that pooling");
  found.state->metadata["architecture"] = config->architecture;
  found.state->metadata[config_key] = (folder / "config.json").string();
  found.preprocess = config->preprocess.value_or(found.preprocess);
  found.classes = std::move(config->classes);
  found.labels = config->labels;
  found.notes = std::move(config->notes);
  // A hub repository's own weights are what its config.json describes.
  const std::filesystem::path name = found.path.filename();
  if (std::find(hub_weights_files.begin(), hub_weights_files.end(), name) == hub_weights_files.end())
    found.notes.push_back((folder / "config.json").string() + " is read as the description of " +
                          name.string() + ": its network, input transform and outputs");
}

// "; the file has 4 register tokens, and the network 0", if they differ: the position embeddings do not show
// it.
std::string register_difference(const Network& network, const StateDict& state) {
  std::int64_t of_network = 0, of_file = 0;
  for (const auto& [name, tensor] : named_tensors(network)) {
    if (name == "reg_token") of_network = tensor.size(1);
  }
  for (const NamedTensor& each : state.tensors) {
    if (each.name.ends_with("reg_token") && each.tensor.shape.size() == 3) of_file = each.tensor.shape[1];
  }
  if (of_network == of_file) return "";
  return "; the file has " + counted(of_file, "register token") + ", and the network " +
         std::to_string(of_network);
}

// Rejects a word that is neither a file nor one of the model's weights.
void refuse_unknown_name(const ModelSpec& spec, const std::string& weights) {
  const bool is_word = weights.find_first_of("/.") == std::string::npos;
  if (!is_word || disk().info(weights)) return;
  if (spec.pretrained.empty())
    throw UsageError("`weights`",
                     "\"" + weights + "\" is not a file, and " + spec.name + " has no named weights",
                     "give a file, a run folder or a URL, or none");
  std::vector<std::string> names = {"default", "none"};
  for (const PretrainedWeights& each : spec.pretrained) names.push_back(each.name);
  throw UsageError("`weights`",
                   "\"" + weights + "\" is neither a file nor one of " + join(names, ", ") +
                       ", the weights of " + spec.name,
                   did_you_mean(weights, names));
}

// The new values are uninitialised: the file's replace them.
void resize_head(const Network& network, std::int64_t outputs) {
  torch::nn::Linear head = network.head();
  head->weight.set_data(torch::empty(head_shape(network, outputs)));
  if (head->bias.defined()) head->bias.set_data(torch::empty({outputs}));
  head->options.out_features(outputs);
}

void add_notes(const FoundWeights& found, LoadReport& report) {
  report.notes.insert(report.notes.end(), found.notes.begin(), found.notes.end());
}

// Brings the outputs of a file's head, whose classes are `of_file`, into the order of `classes`: by name, the
// others in their order. Notes the latter.
void order_head(Network& network, const std::vector<std::string>& of_file,
                const std::vector<std::string>& classes, LoadReport& report) {
  const std::set<std::string> distinct(of_file.begin(), of_file.end());
  if (of_file == classes || of_file.size() != classes.size() || distinct.size() != of_file.size()) return;
  std::vector<std::int64_t> others, order;  // of the file's outputs
  for (std::size_t i = 0; i < of_file.size(); ++i) {
    if (std::find(classes.begin(), classes.end(), of_file[i]) == classes.end())
      others.push_back(static_cast<std::int64_t>(i));
  }
  std::vector<std::string> renamed;
  auto other = others.begin();
  for (const std::string& name : classes) {
    const auto found = std::find(of_file.begin(), of_file.end(), name);
    order.push_back(found != of_file.end() ? found - of_file.begin() : *other++);
    if (found == of_file.end())
      renamed.push_back(of_file[static_cast<std::size_t>(order.back())] + " for " + name);
  }
  const torch::NoGradGuard no_gradients;
  torch::nn::Linear head = network.head();
  for (torch::Tensor* tensor : {&head->weight, &head->bias}) {
    if (tensor->defined()) tensor->copy_(tensor->index_select(0, torch::tensor(order)));
  }
  if (!renamed.empty())
    report.notes.push_back("its head has other classes: the outputs are taken of " + shorten_list(renamed));
}

void note_other_number(const std::vector<std::string>& of_file, const std::vector<std::string>& to_learn,
                       LoadReport& report) {
  if (of_file.size() != 1 || to_learn.size() != 1 || may_be_same_number(of_file[0], to_learn[0])) return;
  report.notes.push_back("its head predicts \"" + shorten(of_file[0]) + "\" and is kept for \"" +
                         shorten(to_learn[0]) + "\"");
}

LoadedNetwork random_network(const ModelSpec& spec, std::int64_t classes, const FoundWeights& found) {
  return {spec.build({classes, Init::random, found.preprocess.crop}), found.name, {}, found.preprocess};
}

}  // namespace

LoadReport load_state(Network& network, const ModelSpec& spec, const StateDict& given,
                      const std::string& where, FileHead head) {
  if (given.tensors.empty()) throw Error(where, "holds no tensors");
  const torch::NoGradGuard no_gradients;
  refuse_checkpoint(given, where);
  StateDict state = given;
  std::vector<std::string> adaptations;
  rename_transformers_tensors(state);
  if (spec.adapt) spec.adapt(state, network, adaptations);
  FittedNames names = fit_names(network, spec, state);
  check_stated(spec, state, names, where);
  Loading loading(network, std::move(names), head);
  const Faults& faults = loading.check();
  if (faults.any()) {
    const std::string looks_like = identify_model(given);
    throw Error(
        where, "does not fit " + spec.name + " (" + faults.text() + register_difference(network, state) + ")",
        looks_like.empty() || looks_like == spec.name
            ? faults.advice(spec.name)
            : "it looks like " + looks_like + ": use `model` " + looks_like);
  }
  LoadReport report = loading.copy();
  report.notes.insert(report.notes.begin(), adaptations.begin(), adaptations.end());
  report.file_class_names = class_names(state);
  if (!report.head_replaced && is_model_file(state)) report.file_task = task_of(state, where);
  note_key(state, report);
  note_module(spec, state, report);
  note_unknown_model(spec, state, report);
  settle_twins(spec, state, report);
  return report;
}

LoadedNetwork build_from_state(const ModelSpec& spec, const StateDict& state, const std::string& where,
                               const Preprocess& preprocess) {
  LoadedNetwork loaded{spec.build({1, Init::none, preprocess.crop}), where, {}, preprocess};
  StateDict renamed = state;
  rename_transformers_tensors(renamed);
  // The head gets the file's size only if the tensor fits, so that the file's size bounds the network's.
  const FittedNames names = fit_names(*loaded.network, spec, renamed);
  const std::string head = loaded.network->head_name();
  const auto weight = names.views.find(head + ".weight");
  if (weight != names.views.end()) {
    const auto& shape = weight->second->shape;
    if (!shape.empty() && shape[0] > 1 && shape == head_shape(*loaded.network, shape[0]))
      resize_head(*loaded.network, shape[0]);
  }
  loaded.report = load_state(*loaded.network, spec, renamed, where);
  if (!loaded.report.head_replaced) return loaded;
  std::string notes = join(loaded.report.notes, "; ");
  throw Error(where,
              "has no head that fits " + spec.name + " (" + head + ".weight" +
                  (loaded.network->head()->bias.defined() ? ", " + head + ".bias)" : " without a bias)") +
                  (notes.empty() ? "" : "; " + notes),
              "training puts a new head on it");
}

std::filesystem::path fetch_pretrained(const ModelSpec& spec, const std::string& name,
                                       const ProgressCallback& progress) {
  const PretrainedWeights* weights = find_pretrained(spec, name);
  if (weights == nullptr) {
    throw UsageError(spec.name, "has no " + name + " weights",
                     "give others (`weights`): a .pth or .safetensors file, its URL, or none");
  }
  if (weights->hub.empty() && weights->download.url.empty()) {
    const std::filesystem::path path = hub_checkpoints() / weights->download.file;
    if (!disk().info(path))
      throw Error(path.string(), "the " + name + " weights of " + spec.name + " are missing",
                  weights->how_to_get + "; " + other_ways(spec));
  }
  try {
    if (!weights->hub.empty()) return fetch_hub_weights(hub_name_of(*weights), progress);
    return fetch(weights->download, hub_checkpoints(), progress);
  } catch (const Error& error) {
    throw Error(error.where(), error.problem(), error.advice() + "; " + other_ways(spec));
  }
}

std::vector<std::string> names_of_outputs(const FoundWeights& found, std::int64_t outputs,
                                          std::vector<std::string>& notes) {
  const std::set<std::string> distinct(found.classes.begin(), found.classes.end());
  const auto count = static_cast<std::int64_t>(found.classes.size());
  const bool is_imagenet = outputs == static_cast<std::int64_t>(imagenet_classes().size());
  if (count == outputs && static_cast<std::int64_t>(distinct.size()) == outputs) return found.classes;
  if (count == 0 || (count == outputs && is_imagenet)) return {};  // transformers' have "crane" twice
  const std::string config = metadata_text(*found.state, config_key);
  notes.push_back((config.empty() ? "its metadata" : config) + " names " + counted(count, "class") + " for " +
                  counted(outputs, "output") + (count == outputs ? ", some alike" : "") +
                  ", so its names are not used");
  return {};
}

FoundWeights find_weights(const ModelSpec& spec, const std::string& weights,
                          const ProgressCallback& progress) {
  if (weights == "none") return {weights, {}, {}, spec.preprocess};
  if (weights == "default" && is_joined(spec.name)) return joined_weights(spec, progress);
  const PretrainedWeights* pretrained = find_pretrained(spec, weights);
  if (pretrained != nullptr || weights == "default") {
    const std::filesystem::path path = fetch_pretrained(spec, weights, progress);
    StateDict state = pretrained->hub.empty() ? read_weights(path) : read_model_file(path);
    if (pretrained->filter) state = pretrained->filter(std::move(state));
    FoundWeights found{pretrained->name + " (" + path.string() + ")", path, std::move(state),
                       pretrained->preprocess};
    if (!pretrained->hub.empty()) {
      ask_description(spec, found);
      // A repository of timm may hold the weights of several networks, and names one of them.
      found.state->metadata["architecture"] = name_in_timm(spec);
    }
    if (!pretrained->note.empty()) found.notes.push_back(pretrained->note);
    return found;
  }
  const bool is_url = weights.starts_with("http://") || weights.starts_with("https://");
  const bool is_on_disk = !is_url && !is_hub_name(weights);
  if (is_on_disk) refuse_unknown_name(spec, weights);
  const std::filesystem::path path = is_url       ? fetch_from_url(weights, progress)
                                     : is_on_disk ? weights_file(weights)
                                                  : fetch_hub_weights(weights, progress);
  const std::string name = is_hub_name(weights) ? weights + " (" + path.string() + ")" : weights;
  FoundWeights found{name, path, read_model_file(path), spec.preprocess};
  if (is_on_disk) refuse_model_of_earlier_run(weights, *found.state);
  ask_description(spec, found);
  for (const PretrainedWeights& each : spec.pretrained) {
    if (!each.note.empty() && weights == hub_name_of(each)) found.notes.push_back(each.note);
  }
  const std::string preprocess = metadata_text(*found.state, "preprocess");
  if (is_model_file(*found.state) && !preprocess.empty())
    found.preprocess = preprocess_of_json(preprocess, path.string());
  return found;
}

LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const std::string& weights,
                                 const ProgressCallback& progress) {
  return build_with_weights(spec, classes, find_weights(spec, weights, progress));
}

LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const FoundWeights& found) {
  if (!found.state)
    return random_network(spec, classes == classes_of_file ? NetworkOptions().classes : classes, found);
  LoadedNetwork loaded;
  if (classes == classes_of_file) {
    loaded = build_from_state(spec, *found.state, found.path.string(), found.preprocess);
  } else {
    loaded.network = spec.build({classes, Init::none, found.preprocess.crop});
    loaded.report = load_state(*loaded.network, spec, *found.state, found.path.string(), FileHead::leave);
  }
  loaded.weights = found.name;
  loaded.preprocess = found.preprocess;
  add_notes(found, loaded.report);
  return loaded;
}

LoadedNetwork build_for_classes(const ModelSpec& spec, const std::vector<std::string>& classes,
                                bool keep_head, const std::string& weights,
                                const ProgressCallback& progress) {
  return build_for_classes(spec, classes, keep_head, find_weights(spec, weights, progress));
}

LoadedNetwork build_for_classes(const ModelSpec& spec, const std::vector<std::string>& classes,
                                bool keep_head, const FoundWeights& found) {
  const auto outputs = static_cast<std::int64_t>(classes.size());
  if (!found.state) {
    if (keep_head) throw UsageError("`head_start`", "file needs weights with a head, and `weights` is none");
    return random_network(spec, outputs, found);
  }
  const std::string where = found.path.string();
  LoadedNetwork loaded{
      spec.build({outputs, Init::none, found.preprocess.crop}), found.name, {}, found.preprocess};
  // A number of the same name may have another unit or come from other data.
  const bool of_number = !metadata_text(*found.state, "target").empty();
  const bool take = keep_head || (!of_number && class_names(*found.state) == classes);
  loaded.report =
      load_state(*loaded.network, spec, *found.state, where, take ? FileHead::take : FileHead::leave);
  if (!loaded.report.head_replaced && !loaded.report.file_task && found.labels)
    loaded.report.file_task = TaskSpec{*found.labels};
  std::vector<std::string> not_used;
  if (loaded.report.file_class_names.empty())
    loaded.report.file_class_names = names_of_outputs(
        found, loaded.report.file_classes, loaded.report.head_replaced ? not_used : loaded.report.notes);
  if (!loaded.report.head_replaced) {
    of_number ? note_other_number(loaded.report.file_class_names, classes, loaded.report)
              : order_head(*loaded.network, loaded.report.file_class_names, classes, loaded.report);
  }
  add_notes(found, loaded.report);
  if (keep_head && loaded.report.head_replaced) {
    throw UsageError("`head_start`",
                     "file needs a head of " + counted(outputs, "output") +
                         " for these labels, and that of " + where + " has " +
                         std::to_string(loaded.report.file_classes),
                     "leave `head_start` out for a new head");
  }
  return loaded;
}

namespace {

// The names of the outputs of `old`, which were given for `labels`. Throws UsageError if they are not known
// or mean something else.
std::vector<std::string> extendable_names(LoadedNetwork& old, LabelKind labels, const FoundWeights& found) {
  std::vector<std::string> names = old.report.file_class_names;
  if (names.empty()) names = names_of_outputs(found, old.report.file_classes, old.report.notes);
  if (names.empty())
    throw UsageError("`extend_head`", found.name + " does not name the classes of its head",
                     "start from a run or one of its models");
  const TaskSpec task = old.report.file_task.value_or(TaskSpec{found.labels.value_or(LabelKind::single)});
  if (task.kind != labels)
    throw UsageError("`extend_head`",
                     "the head of " + found.name + " is for labels of the kind " + to_string(task.kind) +
                         ", and these are " + to_string(labels),
                     "leave it out for a new head");
  return names;
}

std::vector<std::string> names_without(const std::vector<std::string>& names,
                                       const std::vector<std::string>& others) {
  std::vector<std::string> left;
  for (const std::string& name : names) {
    if (std::find(others.begin(), others.end(), name) == others.end()) left.push_back(name);
  }
  return left;
}

// Copies the outputs of the classes `names` of `from`.
void copy_outputs(const Network& from, const std::vector<std::string>& names, const Network& to,
                  const std::vector<std::string>& classes, NewOutputs others) {
  const torch::NoGradGuard no_gradients;
  const torch::nn::Linear head = from.head(), into = to.head();
  if (others == NewOutputs::zero) {
    into->weight.zero_();
    if (into->bias.defined()) into->bias.zero_();
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto row = std::find(classes.begin(), classes.end(), names[i]) - classes.begin();
    const auto old = static_cast<std::int64_t>(i);
    into->weight[row].copy_(head->weight[old]);
    if (into->bias.defined()) into->bias[row].copy_(head->bias[old]);
  }
}

}  // namespace

LoadedNetwork build_extended(const ModelSpec& spec, const std::vector<std::string>& classes, LabelKind labels,
                             const FoundWeights& found, NewOutputs new_outputs) {
  if (!found.state)
    throw UsageError("`extend_head`", "needs weights with a head, and `weights` is none", "leave it out");
  LoadedNetwork old = build_from_state(spec, *found.state, found.path.string(), found.preprocess);
  const std::vector<std::string> names = extendable_names(old, labels, found);
  const std::vector<std::string> missing = names_without(names, classes);
  if (labels == LabelKind::number && !missing.empty())
    throw UsageError("`extend_head`",
                     found.name + " predicts " + shorten(missing[0]) + ", and these numbers are " +
                         shorten(join(classes, ", ")),
                     "leave it out for a new head");
  if (!missing.empty())
    throw UsageError(
        "`extend_head`",
        "the data have no pictures of " + shorten_list(missing, 10) + ", " +
            counted(missing.size(), "class") + " of " + found.name,
        "give data with all of its classes and new ones; for a new head start with `weights` alone");
  LoadedNetwork loaded = labels == LabelKind::number
                             ? build_for_classes(spec, classes, true, found)
                             : build_with_weights(spec, static_cast<std::int64_t>(classes.size()), found);
  if (labels != LabelKind::number) copy_outputs(*old.network, names, *loaded.network, classes, new_outputs);
  loaded.report.kept_classes = static_cast<std::int64_t>(names.size());
  return loaded;
}

}  // namespace graft
