#include "graft/weights/pickle_build.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/weights/pickle_globals.h"

namespace graft::pickle {
namespace {

constexpr std::size_t max_dimensions = 64;  // as in PyTorch
constexpr std::size_t max_key = 100;  // bytes; keys are numbers, and are compared again for every tensor

[[noreturn]] void refuse(const std::string& where, const std::string& problem) {
  throw Error(where, problem, "load only state dicts: torch.save(model.state_dict(), …)");
}

std::vector<std::int64_t> sizes(const Document& document, Index index, const std::string& where) {
  const List* list = document.as<List>(index);
  if (list == nullptr || list->items.size() > max_dimensions)
    refuse(where, "has a tensor without a proper shape");
  std::vector<std::int64_t> result;
  for (const Index item : list->items) {
    const auto* size = document.as<std::int64_t>(item);
    if (size == nullptr || *size < 0) refuse(where, "has a tensor with a negative or absent size or stride");
    result.push_back(*size);
  }
  return result;
}

// _rebuild_tensor(storage, offset, size, stride), and in _v2 three or four more, of which only the last,
// marks of conjugated or negated memory, would change the values.
Tensor make_tensor(const Document& document, const List& arguments, bool v2, const std::string& where) {
  const auto& items = arguments.items;
  const bool proper = v2 ? items.size() == 6 || items.size() == 7 : items.size() == 4;
  if (!proper || document.as<Storage>(items[0]) == nullptr) refuse(where, "has a tensor without a storage");
  if (items.size() == 7) {
    const Dict* marks = document.as<Dict>(items[6]);
    const bool unmarked =
        document.as<None>(items[6]) != nullptr || (marks != nullptr && marks->items.empty());
    if (!unmarked) refuse(where, "has a tensor that is conjugated, negated or marked otherwise");
  }
  Tensor tensor;
  tensor.storage = items[0];
  const auto* offset = document.as<std::int64_t>(items[1]);
  if (offset == nullptr || *offset < 0) refuse(where, "has a tensor that begins before its storage");
  tensor.offset = *offset;
  tensor.shape = sizes(document, items[2], where);
  tensor.stride = sizes(document, items[3], where);
  if (tensor.shape.size() != tensor.stride.size())
    refuse(where, "has a tensor with more sizes than strides, or fewer");
  return tensor;
}

// OrderedDict() or OrderedDict([(key, value), …]), as Python 2 wrote it.
Dict make_dict(const Document& document, const List& arguments, const std::string& where) {
  Dict dict;
  if (arguments.items.empty()) return dict;
  const List* pairs = arguments.items.size() == 1 ? document.as<List>(arguments.items[0]) : nullptr;
  if (pairs == nullptr) refuse(where, "has an ordered dict that is not made of pairs");
  for (const Index item : pairs->items) {
    const List* pair = document.as<List>(item);
    if (pair == nullptr || pair->items.size() != 2)
      refuse(where, "has an ordered dict that is not made of pairs");
    dict.items.emplace_back(pair->items[0], pair->items[1]);
  }
  return dict;
}

bool is_text(const Document& document, Index index, std::string_view expected) {
  const Text* text = document.as<Text>(index);
  return text != nullptr && text->text == expected;
}

}  // namespace

Storage make_storage(const Document& document, Index id, const std::string& where) {
  const List* parts = document.as<List>(id);
  const bool proper = parts != nullptr && (parts->items.size() == 5 || parts->items.size() == 6) &&
                      is_text(document, parts->items[0], "storage");
  if (!proper) refuse(where, "refers to something outside itself that is not a tensor's memory");
  const Global* type = document.as<Global>(parts->items[1]);
  const Text* key = document.as<Text>(parts->items[2]);
  const auto* count = document.as<std::int64_t>(parts->items[4]);
  if (type == nullptr || type->kind != Global::storage || key == nullptr || key->text.size() > max_key ||
      count == nullptr || *count < 0) {
    refuse(where, "describes a tensor's memory wrongly");
  }
  if (parts->items.size() == 6 && document.as<None>(parts->items[5]) == nullptr) {
    throw Error(where, "has a storage inside another, as PyTorch wrote them before 0.4",
                "load it with PyTorch and save it again");
  }
  const StorageType* known = find_storage_type(type->name);
  return {known->dtype, known->name, known->element_bytes, key->text, *count};
}

Value call(const Document& document, Index function, Index arguments, const std::string& where) {
  const Global* global = document.as<Global>(function);
  const List* list = document.as<List>(arguments);
  if (global == nullptr || list == nullptr) refuse(where, "calls something that is not a function");
  switch (global->kind) {
    case Global::ordered_dict:
      return make_dict(document, *list, where);
    case Global::rebuild_tensor:
    case Global::rebuild_tensor_v2:
      return make_tensor(document, *list, global->kind == Global::rebuild_tensor_v2, where);
    case Global::rebuild_parameter:
      if (list->items.empty() || document.as<Tensor>(list->items[0]) == nullptr) {
        refuse(where, "has a parameter without a tensor");
      }
      return *document.as<Tensor>(list->items[0]);
    case Global::size:
      if (list->items.size() != 1 || document.as<List>(list->items[0]) == nullptr) {
        refuse(where, "has a size that is not a tuple");
      }
      return *document.as<List>(list->items[0]);
    case Global::device:
      return Opaque{};
    case Global::storage:
    case Global::dtype:
      break;
  }
  refuse(where, "calls " + std::string(global->name) + ", which is not a function of a state dict");
}

void check_attributes(const Document& document, Index object, Index attributes, const std::string& where) {
  const Dict* given = document.as<Dict>(attributes);
  if (document.as<Dict>(object) == nullptr || given == nullptr) {
    refuse(where, "sets attributes of a plain value");
  }
  const auto& items = given->items;
  if (items.size() > 1 || (items.size() == 1 && !is_text(document, items[0].first, "_metadata"))) {
    refuse(where, "sets attributes of a dict, which a state dict does not");
  }
}

}  // namespace graft::pickle
