#include "graft/weights/pth_legacy.h"

#include <algorithm>
#include <map>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/weights/byte_reader.h"
#include "graft/weights/pickle.h"
#include "graft/weights/pth_tensors.h"

namespace graft {
namespace {

using Bytes = std::span<const std::uint8_t>;
using pickle::Document, pickle::Storage;

// The number 0x1950a86a20f9469cfc6c, little-endian.
constexpr std::string_view legacy_magic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::int64_t legacy_protocol = 1001;

bool is_little_endian(const Document& system) {
  const auto* dict = system.as<pickle::Dict>(system.root);
  if (dict == nullptr) return false;
  return std::any_of(dict->items.begin(), dict->items.end(), [&](const auto& item) {
    const auto* key = system.as<pickle::Text>(item.first);
    const bool* value = system.as<bool>(item.second);
    return key != nullptr && key->text == "little_endian" && value != nullptr && *value;
  });
}

// After the pickles, for every key: a 64-bit count of elements, then the elements.
std::map<std::string_view, Bytes> read_legacy_storages(ByteReader& in, const Document& keys,
                                                       const Document& document, const std::string& where) {
  std::map<std::string_view, const Storage*> described;
  for (const pickle::Value& value : document.values) {
    const auto* storage = std::get_if<Storage>(&value);
    if (storage == nullptr) continue;
    const Storage& first = *described.emplace(storage->key, storage).first->second;
    if (first.type != storage->type || first.count != storage->count) {
      throw Error(where, "describes the storage \"" + printable(storage->key) + "\" in two ways");
    }
  }
  const auto* list = keys.as<pickle::List>(keys.root);
  if (list == nullptr) throw Error(where, "has no list of its storages", "fetch or save the file again");
  std::map<std::string_view, Bytes> storages;
  for (const pickle::Index item : list->items) {
    const auto* key = keys.as<pickle::Text>(item);
    const auto found = key == nullptr ? described.end() : described.find(key->text);
    if (found == described.end()) throw Error(where, "lists a storage that no tensor uses");
    const Storage& storage = *found->second;
    const auto count = in.number<std::int64_t>();
    if (count != storage.count || static_cast<std::uint64_t>(count) > in.left() / storage.element_bytes) {
      throw Error(where,
                  "is cut short or damaged: a storage has " + std::to_string(count) +
                      " elements instead of " + std::to_string(storage.count),
                  "fetch or copy it again");
    }
    const Bytes piece = in.take(static_cast<std::uint64_t>(count) * storage.element_bytes);
    if (!storages.emplace(storage.key, piece).second) throw Error(where, "lists the same storage twice");
  }
  return storages;
}

}  // namespace

void read_legacy_pth(Bytes bytes, const std::string& where, StateDict& state) {
  ByteReader in(bytes, where);
  const auto next = [&] {
    Document document = pickle::read(bytes.subspan(in.position()), where);
    in.take(document.consumed);
    return document;
  };
  const Document magic = next();
  const auto* number = magic.as<pickle::Opaque>(magic.root);
  if (number == nullptr || number->bytes != legacy_magic) {
    throw Error(where, "is a pickle, but not one of torch.save (NumPy arrays are not read)",
                "save torch.save(model.state_dict(), …)");
  }
  const Document protocol = next();
  const auto* version = protocol.as<std::int64_t>(protocol.root);
  if (version == nullptr || *version != legacy_protocol) throw Error(where, "has a protocol other than 1001");
  if (!is_little_endian(next())) {
    throw Error(where, "was written on a big-endian machine", "save it again on a little-endian one");
  }
  const Document document = next();
  StateEntries entries = find_entries(document, where);
  const Document keys = next();
  const auto storages = read_legacy_storages(in, keys, document, where);
  const auto storage_bytes = [&](const Storage& storage) {
    const auto found = storages.find(storage.key);
    if (found == storages.end())
      throw Error(where, "lacks the storage of a tensor", "fetch or save it again");
    return found->second;
  };
  collect_tensors(document, std::move(entries), where, bytes.size(), storage_bytes, state);
}

}  // namespace graft
