#include "graft/weights/pickle_build.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/weights/pickle_globals.h"

namespace graft::pickle {
namespace {

constexpr std::size_t max_pickled_dimensions = 64;  // as in PyTorch
constexpr std::size_t max_key = 100;  // bytes; keys are short numbers and are compared once per tensor

[[noreturn]] void refuse_pickle(const std::string& where, const std::string& problem) {
  throw Error(where, problem, "load only state dicts: torch.save(model.state_dict(), …)");
}

std::vector<std::int64_t> sizes(const Document& document, Index index, const std::string& where) {
  const List* list = document.as<List>(index);
  if (list == nullptr || list->items.size() > max_pickled_dimensions)
    refuse_pickle(where, "has a tensor without a proper shape");
  std::vector<std::int64_t> result;
  for (const Index item : list->items) {
    const auto* size = document.as<std::int64_t>(item);
    if (size == nullptr || *size < 0)
      refuse_pickle(where, "has a tensor with a negative or absent size or stride");
    result.push_back(*size);
  }
  return result;
}

// _rebuild_tensor(storage, offset, size, stride); _v2 has two or three more arguments, of which only the last
// one, which marks conjugated or negated memory, changes the values.
Tensor make_tensor(const Document& document, const List& arguments, bool v2, const std::string& where) {
  const auto& items = arguments.items;
  const bool proper = v2 ? items.size() == 6 || items.size() == 7 : items.size() == 4;
  if (!proper || document.as<Storage>(items[0]) == nullptr)
    refuse_pickle(where, "has a tensor without a storage");
  Tensor tensor;
  if (items.size() == 7) {
    const Dict* marks = document.as<Dict>(items[6]);
    tensor.marked = document.as<None>(items[6]) == nullptr && (marks == nullptr || !marks->items.empty());
  }
  tensor.storage = items[0];
  const auto* offset = document.as<std::int64_t>(items[1]);
  if (offset == nullptr || *offset < 0) refuse_pickle(where, "has a tensor that begins before its storage");
  tensor.offset = *offset;
  tensor.shape = sizes(document, items[2], where);
  tensor.stride = sizes(document, items[3], where);
  if (tensor.shape.size() != tensor.stride.size())
    refuse_pickle(where, "has a tensor with more sizes than strides, or fewer");
  return tensor;
}

// OrderedDict() or OrderedDict([(key, value), …]), the form of Python 2.
Dict make_dict(const Document& document, const List& arguments, const std::string& where) {
  Dict dict;
  if (arguments.items.empty()) return dict;
  const List* pairs = arguments.items.size() == 1 ? document.as<List>(arguments.items[0]) : nullptr;
  if (pairs == nullptr) refuse_pickle(where, "has an ordered dict that is not made of pairs");
  for (const Index item : pairs->items) {
    const List* pair = document.as<List>(item);
    if (pair == nullptr || pair->items.size() != 2)
      refuse_pickle(where, "has an ordered dict that is not made of pairs");
    dict.items.emplace_back(pair->items[0], pair->items[1]);
  }
  return dict;
}

// _rebuild_parameter(tensor, …); the tensor may be a placeholder.
Value make_parameter(const Document& document, const List& arguments, const std::string& where) {
  if (!arguments.items.empty()) {
    const Index tensor = arguments.items[0];
    if (document.as<Tensor>(tensor) != nullptr) return *document.as<Tensor>(tensor);
    if (document.as<Object>(tensor) != nullptr) return Object{document.as<Object>(tensor)->type, {}, {}};
  }
  refuse_pickle(where, "has a parameter without a tensor");
}

// _rebuild_from_type_v2(function, type, arguments, attributes): a tensor with attributes or of a subclass.
Value make_from_type(const Document& document, const List& arguments, const std::string& where) {
  if (arguments.items.size() != 4) refuse_pickle(where, "has a tensor of a class without its arguments");
  const Global* function = document.as<Global>(arguments.items[0]);
  // Not nested: a list that contains itself would cause endless recursion.
  if (function != nullptr && function->kind == Global::rebuild_from_type)
    refuse_pickle(where, "has a tensor of a class inside another");
  return call(document, arguments.items[0], arguments.items[2], where);
}

bool is_text(const Document& document, Index index, std::string_view expected) {
  const Text* text = document.as<Text>(index);
  return text != nullptr && text->text == expected;
}

}  // namespace

Value resolve(const Document& document, Index id, const std::string& where) {
  const List* parts = document.as<List>(id);
  const bool module = parts != nullptr && parts->items.size() >= 2 &&
                      is_text(document, parts->items[0], "module") &&
                      document.as<Global>(parts->items[1]) != nullptr;
  if (module) return *document.as<Global>(parts->items[1]);
  const bool proper = parts != nullptr && (parts->items.size() == 5 || parts->items.size() == 6) &&
                      is_text(document, parts->items[0], "storage");
  if (!proper) refuse_pickle(where, "has a persistent id that is not a storage");
  const Global* type = document.as<Global>(parts->items[1]);
  const Text* key = document.as<Text>(parts->items[2]);
  const auto* count = document.as<std::int64_t>(parts->items[4]);
  if (type == nullptr || key == nullptr || key->text.size() > max_key || count == nullptr || *count < 0) {
    refuse_pickle(where, "describes a storage incorrectly");
  }
  if (type->kind != Global::storage) {
    refuse_pickle(where, "has a storage of the type \"" + foreign_name(document, parts->items[1]) +
                             "\", which is not a storage class");
  }
  if (parts->items.size() == 6 && document.as<None>(parts->items[5]) == nullptr) {
    throw Error(where, "has a storage that is a view of another, as PyTorch before 0.4 wrote",
                "load it with PyTorch and save it again");
  }
  const StorageType* known = find_storage_type(type->name);
  return Storage{known->dtype, known->name, known->element_bytes, key->text, *count};
}

Value call(const Document& document, Index function, Index arguments, const std::string& where) {
  // The function itself can be the result of a call: getattr(class, name)(…).
  if (const Object* object = document.as<Object>(function)) return Object{object->type, {}, {}};
  const Global* global = document.as<Global>(function);
  const List* list = document.as<List>(arguments);
  if (global == nullptr || list == nullptr) refuse_pickle(where, "calls something that is not a function");
  switch (global->kind) {
    case Global::ordered_dict:
      return make_dict(document, *list, where);
    case Global::rebuild_tensor:
    case Global::rebuild_tensor_v2:
      return make_tensor(document, *list, global->kind == Global::rebuild_tensor_v2, where);
    case Global::rebuild_parameter:
      return make_parameter(document, *list, where);
    case Global::rebuild_from_type:
      return make_from_type(document, *list, where);
    case Global::size:
      if (list->items.size() != 1 || document.as<List>(list->items[0]) == nullptr) {
        refuse_pickle(where, "has a size that is not a tuple");
      }
      return *document.as<List>(list->items[0]);
    case Global::other:
      return Object{function, {}, {}};
    case Global::storage:
      break;
  }
  refuse_pickle(where, "calls " + std::string(global->name) + ", which is not a function of a state dict");
}

Object make_object(const Document& document, Index type, const std::string& where) {
  if (const Object* object = document.as<Object>(type)) type = object->type;
  if (document.as<Global>(type) == nullptr)
    refuse_pickle(where, "makes an object of something that is not a class");
  return {type, {}, {}};
}

void set_state(Document& document, Index object, Index state, const std::string& where) {
  if (Object* made = std::get_if<Object>(&document.values[object])) {
    made->state = state;
  } else if (document.as<Dict>(object) == nullptr) {
    refuse_pickle(where, "sets attributes of a plain value");
  }
}

}  // namespace graft::pickle
