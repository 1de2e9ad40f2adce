#include "graft/weights/pth.h"

#include <algorithm>
#include <array>
#include <map>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/weights/byte_reader.h"
#include "graft/weights/names.h"
#include "graft/weights/pickle.h"
#include "graft/weights/pth_tensors.h"
#include "graft/weights/zip.h"

namespace graft {
namespace {

using Bytes = std::span<const std::uint8_t>;
using pickle::Document, pickle::Storage;

constexpr std::uint64_t max_pickle_bytes = 256ULL << 20;

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

// "NAME/" where the archive's records lie: the folder of the only data.pkl.
std::string find_folder(const ZipArchive& archive, const std::string& where) {
  std::string folder;
  for (const ZipEntry& entry : archive.entries()) {
    const std::size_t slash = entry.name.find('/');
    if (slash == std::string::npos || entry.name.substr(slash) != "/data.pkl") continue;
    if (!folder.empty()) throw Error(where, "has two data.pkl, so that it is unclear which is meant");
    folder = entry.name.substr(0, slash + 1);
  }
  if (folder.empty()) {
    throw Error(where, "is a zip archive but none of PyTorch's: it has no data.pkl",
                "give a file of torch.save");
  }
  if (archive.find(folder + "constants.pkl") != nullptr) {
    throw Error(where, "is a TorchScript program, not weights", "save torch.save(model.state_dict(), …)");
  }
  return folder;
}

// torch.save since 1.6: NAME/data.pkl describes, NAME/data/KEY holds the bytes of one storage each.
void read_zip(Bytes bytes, const std::string& where, StateDict& state) {
  const ZipArchive archive(bytes, where);
  const std::string folder = find_folder(archive, where);
  if (const ZipEntry* order = archive.find(folder + "byteorder")) {
    if (!starts_with(archive.stored(*order), "little")) {
      throw Error(where, "was written on a big-endian machine", "save it again on a little-endian one");
    }
  }
  const Bytes description = archive.stored(*archive.find(folder + "data.pkl"));
  if (description.size() > max_pickle_bytes) throw Error(where, "has a description above 256 MiB");
  const Document document = pickle::read(description, where);
  const auto storage_bytes = [&](const Storage& storage) {
    const ZipEntry* entry = archive.find(folder + "data/" + std::string(storage.key));
    if (entry == nullptr) {
      throw Error(where, "lacks the record \"data/" + printable(storage.key) + "\" that a tensor lies in",
                  "fetch or save the file again");
    }
    return archive.stored(*entry);
  };
  collect_tensors(document, where, bytes.size(), storage_bytes, state);
}

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

// After the pickles: for every key a count of elements in 64 bits and the elements.
std::map<std::string_view, Bytes> read_legacy_storages(ByteReader& in, const Document& keys,
                                                       const Document& document, const std::string& where) {
  std::map<std::string_view, const Storage*> described;
  for (const pickle::Value& value : document.values) {
    const auto* storage = std::get_if<Storage>(&value);
    if (storage == nullptr) continue;
    const Storage& first = *described.emplace(storage->key, storage).first->second;
    if (first.type != storage->type || first.count != storage->count) {
      throw Error(where, "describes the memory \"" + printable(storage->key) + "\" in two ways");
    }
  }
  const auto* list = keys.as<pickle::List>(keys.root);
  if (list == nullptr)
    throw Error(where, "has no list of its tensors' memory", "fetch or save the file again");
  std::map<std::string_view, Bytes> storages;
  for (const pickle::Index item : list->items) {
    const auto* key = keys.as<pickle::Text>(item);
    const auto found = key == nullptr ? described.end() : described.find(key->text);
    if (found == described.end()) throw Error(where, "lists memory that no tensor lies in");
    const Storage& storage = *found->second;
    const auto count = in.number<std::int64_t>();
    if (count != storage.count || static_cast<std::uint64_t>(count) > in.left() / storage.element_bytes) {
      throw Error(where,
                  "is cut short or damaged: a tensor's memory has " + std::to_string(count) +
                      " elements where " + std::to_string(storage.count) + " were described",
                  "fetch or copy it again");
    }
    const Bytes piece = in.take(static_cast<std::uint64_t>(count) * storage.element_bytes);
    if (!storages.emplace(storage.key, piece).second) throw Error(where, "lists the same memory twice");
  }
  return storages;
}

// torch.save before 1.6: five pickles in a row (magic number, protocol, system, object, keys), then the
// storages.
void read_legacy(Bytes bytes, const std::string& where, StateDict& state) {
  ByteReader in(bytes, where);
  const auto next = [&] {
    Document document = pickle::read(bytes.subspan(in.position()), where);
    in.take(document.consumed);
    return document;
  };
  const Document magic = next();
  const auto* number = magic.as<pickle::Opaque>(magic.root);
  if (number == nullptr || number->bytes != legacy_magic) {
    throw Error(where, "is a pickle, but not one of torch.save", "save torch.save(model.state_dict(), …)");
  }
  const Document protocol = next();
  const auto* version = protocol.as<std::int64_t>(protocol.root);
  if (version == nullptr || *version != legacy_protocol) throw Error(where, "has a protocol other than 1001");
  if (!is_little_endian(next())) {
    throw Error(where, "was written on a big-endian machine", "save it again on a little-endian one");
  }
  const Document document = next();
  const Document keys = next();
  const auto storages = read_legacy_storages(in, keys, document, where);
  const auto storage_bytes = [&](const Storage& storage) {
    const auto found = storages.find(storage.key);
    if (found == storages.end())
      throw Error(where, "lacks the memory that a tensor lies in", "fetch or save it again");
    return found->second;
  };
  collect_tensors(document, where, bytes.size(), storage_bytes, state);
}

}  // namespace

StateDict read_pth(const std::filesystem::path& path) {
  const std::string where = path.string();
  const std::shared_ptr<const FileBytes> file = disk().map(path);
  const Bytes bytes = file->bytes();
  StateDict state;
  state.owners.push_back(file);
  if (starts_with(bytes, "PK\x03\x04")) {
    read_zip(bytes, where, state);
  } else if (starts_with(bytes, "\x80")) {
    read_legacy(bytes, where, state);
  } else if (bytes.size() > 512 && starts_with(bytes.subspan(257), "ustar")) {
    throw Error(where, "is a tar archive, as PyTorch wrote before 0.2",
                "load it with PyTorch and save it again");
  } else {
    throw Error(where, "is not a file of torch.save", "give a .pth of torch.save(model.state_dict(), …)");
  }
  return state;
}

}  // namespace graft
