#include "graft/weights/pth.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/weights/names.h"
#include "graft/weights/pickle.h"
#include "graft/weights/pth_legacy.h"
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
    read_legacy_pth(bytes, where, state);
  } else if (bytes.size() > 512 && starts_with(bytes.subspan(257), "ustar")) {
    throw Error(where, "is a tar archive, as PyTorch wrote before 0.2",
                "load it with PyTorch and save it again");
  } else {
    throw Error(where, "is not a file of torch.save", "give a .pth of torch.save(model.state_dict(), …)");
  }
  return state;
}

}  // namespace graft
