#include "graft/weights/state_dict.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/weights/pickle.h"
#include "graft/weights/pth_legacy.h"
#include "graft/weights/pth_tensors.h"
#include "graft/weights/tensor_bytes.h"
#include "graft/weights/zip.h"

namespace graft {
namespace {

using Bytes = std::span<const std::uint8_t>;
using pickle::Document, pickle::Storage;

constexpr std::uint64_t max_pickle_bytes = 256ULL << 20;

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool is_zip(std::string_view start) { return start.starts_with("PK\x03\x04"); }

// graft does not write files under the records' names, but torch.save never writes such names, and other
// programs may unpack the archive.
void check_names(const ZipArchive& archive, const std::string& where) {
  for (const ZipEntry& entry : archive.entries()) {
    const std::string name = "/" + entry.name + "/";
    if (name.find("/../") == std::string::npos) continue;
    throw Error(where, "has a record \"" + printable(entry.name) + "\", which is outside the archive",
                "get the file from a source that you trust");
  }
}

// torch.export.save: NAME/archive_format; before PyTorch 2.8 serialized_exported_program.json.
bool is_exported_program(const ZipArchive& archive) {
  const auto& entries = archive.entries();
  return std::any_of(entries.begin(), entries.end(), [](const ZipEntry& entry) {
    const std::string name = "/" + entry.name;
    return name.ends_with("/archive_format") || name.ends_with("/serialized_exported_program.json");
  });
}

// Refuses an archive without data.pkl and names its kind.
[[noreturn]] void refuse_archive(const ZipArchive& archive, const std::string& where) {
  if (is_exported_program(archive))
    throw Error(where, "is a program of torch.export, not weights",
                "save the weights of its model: torch.save(model.state_dict(), …)");
  for (const ZipEntry& entry : archive.entries()) {
    if (entry.name.ends_with(".npy")) {
      throw Error(where, "is an archive of NumPy arrays (.npz), not weights of PyTorch",
                  "save the weights by torch.save(model.state_dict(), …) or as safetensors");
    }
    for (const char* ending : {".pth", ".pt", ".safetensors", ".ckpt", ".bin", ".tar"}) {
      if (!entry.name.ends_with(ending)) continue;
      throw Error(where, "is a zip archive that holds " + printable(entry.name),
                  "unpack it and give that file");
    }
  }
  throw Error(where, "is a zip archive but not a PyTorch file: it has no data.pkl",
              "give a file of torch.save");
}

// "NAME/", the folder of the archive's records: that of the only data.pkl.
std::string find_folder(const ZipArchive& archive, const std::string& where) {
  std::string folder;
  for (const ZipEntry& entry : archive.entries()) {
    const std::size_t slash = entry.name.find('/');
    if (slash == std::string::npos || entry.name.substr(slash) != "/data.pkl") continue;
    if (!folder.empty()) throw Error(where, "has two data.pkl, which is ambiguous");
    folder = entry.name.substr(0, slash + 1);
  }
  if (folder.empty()) refuse_archive(archive, where);
  if (archive.find(folder + "constants.pkl") != nullptr) {
    throw Error(where, "is a TorchScript program, not weights", "save torch.save(model.state_dict(), …)");
  }
  return folder;
}

// The bytes of an archive's entries: in place, or unpacked up to a limit in proportion to the file.
class Contents {
 public:
  Contents(const ZipArchive& archive, std::uint64_t file_size, const std::string& where, StateDict& state)
      : archive_(archive), allowed_(max_copies(file_size)), where_(where), state_(state) {}

  Bytes of(const ZipEntry& entry) {
    if (!entry.deflated) return archive_.stored(entry);
    if (entry.size > allowed_) {
      throw Error(where_ + "/" + printable(entry.name),
                  "would unpack to " + std::to_string(entry.size) + " bytes, out of proportion to the file",
                  "pack the archive again without compression");
    }
    allowed_ -= entry.size;
    const std::span<std::uint8_t> bytes = allocate(entry.size, state_.owners);
    std::size_t at = 0;
    archive_.unpack(entry, [&](std::string_view piece) {
      std::copy(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
      at += piece.size();
    });
    return bytes;
  }

 private:
  const ZipArchive& archive_;
  std::uint64_t allowed_;  // bytes
  const std::string& where_;
  StateDict& state_;
};

// torch.save since 1.6: NAME/data.pkl describes the tensors, each NAME/data/KEY holds one storage's bytes.
void read_zip(Bytes bytes, const std::string& where, StateDict& state) {
  const ZipArchive archive(bytes, where);
  check_names(archive, where);
  const std::string folder = find_folder(archive, where);
  Contents contents(archive, bytes.size(), where, state);
  if (const ZipEntry* order = archive.find(folder + "byteorder")) {
    if (!text_of(contents.of(*order)).starts_with("little")) {
      throw Error(where, "was written on a big-endian machine", "save it again on a little-endian one");
    }
  }
  const ZipEntry& description = *archive.find(folder + "data.pkl");
  if (description.size > max_pickle_bytes) throw Error(where, "has a description above 256 MiB");
  const Document document = pickle::read(contents.of(description), where);
  const auto storage_bytes = [&](const Storage& storage) {
    const ZipEntry* entry = archive.find(folder + "data/" + std::string(storage.key));
    if (entry == nullptr) {
      throw Error(where, "lacks the record \"data/" + printable(storage.key) + "\" of a tensor",
                  "fetch or save the file again");
    }
    return contents.of(*entry);
  };
  collect_tensors(document, find_entries(document, where), where, bytes.size(), storage_bytes, state);
}

bool is_tar(std::string_view start) { return start.size() > 262 && start.substr(257, 5) == "ustar"; }

// "cmodule\nname\n": the start of a pickle of protocol 0 that calls something. No state dict begins so, but
// the unpickler can name what the file calls.
bool is_text_pickle(std::string_view start) {
  constexpr std::string_view name_characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
  if (!start.starts_with('c')) return false;
  const std::size_t end = start.find_first_not_of(name_characters, 1);
  return end != std::string_view::npos && start[end] == '\n';
}

}  // namespace

bool is_pth(std::string_view start) {
  return is_zip(start) || start.starts_with('\x80') || is_text_pickle(start) || is_tar(start);
}

StateDict read_pth(const std::filesystem::path& path) {
  const std::string where = path.string();
  const std::shared_ptr<const FileBytes> file = disk().map(path);
  const Bytes bytes = file->bytes();
  StateDict state;
  state.owners.push_back(file);
  const std::string_view start = text_of(bytes);
  if (!is_pth(start)) {
    throw Error(where, "is not a file of torch.save", "give a .pth of torch.save(model.state_dict(), …)");
  }
  if (is_tar(start)) {
    throw Error(where, "is a tar archive",
                "unpack it and give the file in it; load a file of PyTorch before 0.2 with PyTorch and save "
                "it again");
  }
  if (is_zip(start)) {
    read_zip(bytes, where, state);
  } else {
    read_legacy_pth(bytes, where, state);
  }
  return state;
}

}  // namespace graft
