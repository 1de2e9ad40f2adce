#include "graft/net/archive.h"

#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/weights/zip.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_name = 1024;  // bytes; also bounds the depth of folders

[[noreturn]] void refuse(const std::string& where, const ZipEntry& entry, const std::string& problem) {
  throw Error(where, "entry \"" + printable(entry.name) + "\" " + problem + "; nothing was unpacked",
              "get the archive from a source that you trust");
}

bool is_folder(const ZipEntry& entry) { return entry.name.ends_with('/'); }

// What is wrong with the name; empty if it is a plain path below the folder. Windows path syntax is refused
// on every system: an archive that has it is malicious.
std::string name_problem(std::string_view name) {
  if (name.size() > max_name) return "has a name above " + std::to_string(max_name) + " bytes";
  if (name.starts_with('/')) return "has an absolute path";
  if (name.find('\\') != std::string_view::npos) return "has a backslash in its name";
  if (name.size() > 1 && name[1] == ':') return "names a drive";
  if (name.ends_with('/')) name.remove_suffix(1);
  while (true) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part == "..") return "is outside the folder";
    if (part.empty() || part == ".") return "has an empty part or a \".\" in its path";
    if (slash == std::string_view::npos) return "";
    name.remove_prefix(slash + 1);
  }
}

void check_kind(const std::string& where, const ZipEntry& entry) {
  const std::uint32_t kind = entry.attributes >> 16 & S_IFMT;  // 0 without a Unix mode
  if (kind == S_IFLNK) refuse(where, entry, "is a symbolic link");
  const bool proper = kind == 0 || (is_folder(entry) ? kind == S_IFDIR : kind == S_IFREG);
  if (!proper) refuse(where, entry, "is neither a file nor a folder");
  if (is_folder(entry) && entry.size != 0) refuse(where, entry, "is a folder with data");
}

// The number of bytes of all files. Throws Error if any entry must not be unpacked.
std::uint64_t check_entries(const ZipArchive& archive, const std::string& where,
                            const UnpackOptions& options) {
  if (archive.entries().size() > options.max_entries) {
    throw Error(where,
                "has more than " + std::to_string(options.max_entries) + " entries; nothing was unpacked");
  }
  std::uint64_t total = 0;
  std::set<std::string_view> folders;
  for (const ZipEntry& entry : archive.entries()) {
    const std::string problem = name_problem(entry.name);
    if (!problem.empty()) refuse(where, entry, problem);
    check_kind(where, entry);
    if (entry.size > options.max_bytes - total) {
      throw Error(where, "unpacks to more than " + std::to_string(options.max_bytes) +
                             " bytes; nothing was unpacked");
    }
    total += entry.size;
    const std::string_view name = entry.name;
    for (std::size_t slash = name.find('/'); slash != name.npos; slash = name.find('/', slash + 1)) {
      folders.insert(name.substr(0, slash));
    }
  }
  for (const ZipEntry& entry : archive.entries()) {
    if (folders.contains(entry.name)) refuse(where, entry, "is a file and a folder at once");
  }
  return total;
}

}  // namespace

void unpack_zip(const fs::path& archive_path, const fs::path& folder, const UnpackOptions& options,
                const ProgressCallback& progress) {
  const std::string where = archive_path.string();
  const auto file = disk().map(archive_path);
  const ZipArchive archive(file->bytes(), where);
  Progress told{archive_path.filename().string(), 0, check_entries(archive, where, options), "B"};
  disk().make_directories(folder);
  for (const ZipEntry& entry : archive.entries()) {
    const fs::path path = folder / entry.name;
    disk().make_directories(is_folder(entry) ? path : path.parent_path());
    if (is_folder(entry)) continue;
    const auto out = disk().create(path);
    archive.unpack(entry, [&](std::string_view piece) {
      out->write(piece);
      told.done += piece.size();
      if (progress) progress(told);
    });
    out->close();
  }
}

}  // namespace graft
