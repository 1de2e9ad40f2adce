#include "graft/weights/pth_find.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"
#include "graft/weights/copies.h"

namespace graft {
namespace {

using pickle::Dict, pickle::Document, pickle::Index, pickle::List, pickle::None, pickle::Object,
    pickle::Tensor, pickle::Text;

constexpr const char* advice = "save only the weights: torch.save(model.state_dict(), …)";
constexpr int max_depth = 4;                 // containers between the root and a state dict
constexpr int max_module_depth = 64;         // nested modules
constexpr std::size_t max_name = 500;        // bytes of a module's tensor name
constexpr std::size_t max_visits = 100'000;  // modules and tensors of whole modules
constexpr std::size_t listed_keys = 8;

const Index* item(const Document& document, const Dict& dict, std::string_view key) {
  for (const auto& [name, value] : dict.items) {
    const Text* text = document.as<Text>(name);
    if (text != nullptr && text->text == key) return &value;
  }
  return nullptr;
}

// The attributes of a module: those of an object that has the three dicts of every torch.nn.Module.
struct ModuleState {
  const Dict* parameters = nullptr;
  const Dict* buffers = nullptr;
  const Dict* modules = nullptr;
};

std::optional<ModuleState> module_state(const Document& document, Index index) {
  const Object* object = document.as<Object>(index);
  const Dict* state = object != nullptr && object->state ? document.as<Dict>(*object->state) : nullptr;
  if (state == nullptr) return std::nullopt;
  const auto dict = [&](std::string_view key) {
    const Index* value = item(document, *state, key);
    return value == nullptr ? nullptr : document.as<Dict>(*value);
  };
  const ModuleState found{dict("_parameters"), dict("_buffers"), dict("_modules")};
  const bool whole = found.parameters != nullptr && found.buffers != nullptr && found.modules != nullptr;
  return whole ? std::optional(found) : std::nullopt;
}

class Search {
 public:
  Search(const Document& document, const std::string& where)
      : document_(document), where_(where), seen_(document.values.size()) {}

  StateEntries take() {
    reach(document_.root, no_parent, {}, 0);
    for (std::size_t i = 0; i < places_.size(); ++i) look(i);
    const std::vector<Candidate> found = ranked();
    if (found.empty()) refuse_root();
    StateEntries result = entries_of(found.front());
    result.key = key_of(found.front().place);
    if (!found.front().entries.empty())
      result.module = foreign_name(document_, places_[found.front().place].value);
    for (std::size_t i = 1; i < found.size(); ++i) result.other_keys.push_back(key_of(found[i].place));
    add_metadata(found.front().place, result.metadata);
    return result;
  }

 private:
  static constexpr std::size_t no_parent = SIZE_MAX;

  // A container reached from the root, by its key or its index in its parent.
  struct Place {
    Index value = 0;
    std::size_t parent = no_parent;
    std::optional<Index> key;
    std::size_t number = 0;  // in a list
    int depth = 0;
  };

  struct Candidate {
    std::size_t place = 0;  // index in places_
    std::size_t tensors = 0, dotted = 0;
    std::vector<StateEntries::Entry> entries;  // for a module
  };

  [[noreturn]] void refuse_root() const {
    const std::string foreign = foreign_name(document_, document_.root);
    if (!foreign.empty()) {
      throw Error(where_, "refers to \"" + foreign + "\", which is not executed, and holds no state dict",
                  advice);
    }
    const Dict* root = document_.as<Dict>(document_.root);
    if (root == nullptr)
      throw Error(where_, "holds " + kind_name(document_, document_.root) + ", not a state dict", advice);
    if (root->items.empty()) throw Error(where_, "holds an empty dict, not a state dict", advice);
    std::vector<std::string> keys;
    for (const auto& [key, value] : root->items) {
      if (keys.size() > listed_keys) break;
      const Text* text = document_.as<Text>(key);
      const std::string name = text != nullptr ? printable(text->text) : kind_name(document_, key);
      keys.push_back(name + " (" + kind_name(document_, value) + ")");
    }
    const bool unread = std::any_of(root->items.begin(), root->items.end(), [&](const auto& item) {
      return is_unread_tensor(document_, item.second);
    });
    throw Error(where_, "holds no state dict, but a dict of " + shorten_list(keys, listed_keys),
                unread ? unread_tensors_advice : advice);
  }

  void reach(Index value, std::size_t parent, std::optional<Index> key, std::size_t number) {
    const auto& each = document_.values[value];
    const bool container = items_of(each) != nullptr || std::holds_alternative<List>(each);
    const int depth = parent == no_parent ? 0 : places_[parent].depth + 1;
    if (!container || depth > max_depth || seen_[value]) return;
    seen_[value] = true;
    places_.push_back({value, parent, key, number, depth});
  }

  void look(std::size_t place) {
    const Index value = places_[place].value;
    if (module_state(document_, value)) {
      Candidate candidate{place, 0, 0, {}};
      flatten(value, "", 0, candidate.entries);
      candidate.tensors = candidate.dotted = candidate.entries.size();
      if (candidate.tensors > 0) candidates_.push_back(std::move(candidate));
      return;
    }
    if (const List* list = document_.as<List>(value)) {
      for (std::size_t i = 0; i < list->items.size(); ++i) reach(list->items[i], place, {}, i);
      return;
    }
    look_at_items(place, *items_of(document_.values[value]));
    const Object* object = document_.as<Object>(value);
    const Dict* state = object != nullptr && object->state ? document_.as<Dict>(*object->state) : nullptr;
    if (state != nullptr) look_at_items(place, state->items);
  }

  void look_at_items(std::size_t place, const std::vector<std::pair<Index, Index>>& items) {
    Candidate candidate{place, 0, 0, {}};
    for (const auto& [key, value] : items) {
      const Text* name = document_.as<Text>(key);
      if (document_.as<Tensor>(value) != nullptr) {
        ++candidate.tensors;
        if (name != nullptr && name->text.find('.') != std::string_view::npos) ++candidate.dotted;
      } else {
        reach(value, place, key, 0);
      }
    }
    const bool own =
        &items == items_of(document_.values[places_[place].value]);  // not the attributes of an object
    // An optimiser's state uses the parameters' numbers as keys.
    const auto& key = places_[place].key;
    const bool numbered = key && document_.as<Text>(*key) == nullptr;
    if (own && candidate.tensors > 0 && !(numbered && candidate.dotted == 0))
      candidates_.push_back(std::move(candidate));
  }

  // A module's tensors, with the names of its state_dict().
  void flatten(Index module, const std::string& prefix, int depth,
               std::vector<StateEntries::Entry>& entries) {
    const auto state = module_state(document_, module);
    if (!state) return;
    if (depth > max_module_depth || prefix.size() > max_name || ++visits_ > max_visits)
      throw Error(where_, "has too many modules, or modules nested too deep", advice);
    for (const Dict* dict : {state->parameters, state->buffers}) {
      for (const auto& [key, value] : dict->items) {
        const Text* name = document_.as<Text>(key);
        if (name == nullptr || name->text.size() > max_name || document_.as<None>(value) != nullptr) continue;
        if (++visits_ > max_visits)
          throw Error(where_, "holds a module of more than " + std::to_string(max_visits) + " tensors",
                      advice);
        entries.push_back({prefix + std::string(name->text), value});
      }
    }
    for (const auto& [key, value] : state->modules->items) {
      const Text* name = document_.as<Text>(key);
      if (name == nullptr || name->text.size() > max_name) continue;
      flatten(value, prefix + std::string(name->text) + ".", depth + 1, entries);
    }
  }

  std::size_t rank(std::size_t place) const { return copy_rank(key_of(place)); }

  std::vector<Candidate> ranked() {
    std::size_t most = 0;
    for (const Candidate& each : candidates_) most = std::max(most, each.dotted);
    std::erase_if(candidates_, [&](const Candidate& each) { return 2 * each.dotted < most; });
    std::stable_sort(candidates_.begin(), candidates_.end(), [&](const Candidate& a, const Candidate& b) {
      return std::pair(rank(a.place), b.tensors) < std::pair(rank(b.place), a.tensors);
    });
    return candidates_;
  }

  StateEntries entries_of(const Candidate& candidate) const {
    StateEntries result;
    const Index value = places_[candidate.place].value;
    std::set<std::string_view> names;
    const auto check = [&](std::string_view name) {
      if (!is_utf8(name))
        throw Error(where_, "has a key that is not a string among the names of tensors", advice);
      if (!names.insert(name).second)
        throw Error(where_, "tensor \"" + printable(name) + "\" occurs twice",
                    "fetch or save the file again");
    };
    if (!candidate.entries.empty()) {
      for (const StateEntries::Entry& each : candidate.entries) check(each.name);
      result.entries = candidate.entries;
      return result;
    }
    for (const auto& [key, each] : *items_of(document_.values[value])) {
      const Text* name = document_.as<Text>(key);
      if (name == nullptr)
        throw Error(where_, "has a key that is not a string among the names of tensors", advice);
      check(name->text);
      result.entries.push_back({std::string(name->text), each});
    }
    return result;
  }

  // "checkpoint.state_dict"; "folds.[1]" for a list, or a dict with numeric keys.
  std::string key_of(std::size_t place) const {
    std::vector<std::string> parts;
    for (std::size_t at = place; places_[at].parent != no_parent; at = places_[at].parent)
      parts.push_back(part_of(places_[at]));
    std::reverse(parts.begin(), parts.end());
    return join(parts, ".");
  }

  std::string part_of(const Place& place) const {
    if (!place.key) return "[" + std::to_string(place.number) + "]";
    if (const Text* text = document_.as<Text>(*place.key)) return printable(text->text);
    if (const auto* number = document_.as<std::int64_t>(*place.key))
      return "[" + std::to_string(*number) + "]";
    return "[" + kind_name(document_, *place.key) + "]";
  }

  void add_metadata(std::size_t place, std::map<std::string, std::string>& metadata) const {
    for (std::size_t at = place; at != no_parent; at = places_[at].parent) {
      const Dict* dict = document_.as<Dict>(places_[at].value);
      if (dict == nullptr) continue;
      for (const char* key : {"arch", "architecture"}) {
        const Index* value = item(document_, *dict, key);
        const Text* text = value == nullptr ? nullptr : document_.as<Text>(*value);
        if (text != nullptr && is_utf8(text->text))
          metadata.emplace(key, std::string(text->text.substr(0, 100)));
      }
    }
  }

  const Document& document_;
  const std::string& where_;
  std::vector<bool> seen_;
  std::vector<Place> places_;
  std::vector<Candidate> candidates_;
  std::size_t visits_ = 0;
};

}  // namespace

StateEntries find_entries(const Document& document, const std::string& where) {
  return Search(document, where).take();
}

}  // namespace graft
