#include <algorithm>
#include <array>
#include <regex>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

// Safetensors is tested first: the length of its header can look like another format's signature, but only a
// safetensors file has a "{" eight bytes later.
bool is_safetensors(std::string_view start) {
  return start.size() > 8 && start[8] == '{' && start.substr(4, 4) == std::string_view("\0\0\0\0", 4);
}

// Files that are mistaken for weights, by their first bytes. Text formats may begin with white space.
struct OtherFormat {
  std::string_view start;
  const char* problem;
  const char* advice;
};
constexpr const char* give_weights = "give a .pth or .safetensors file";
constexpr std::array<OtherFormat, 18> other_formats = {{
    {"version https://git-lfs", "is a Git LFS pointer, not the weights themselves",
     "run `git lfs pull` in its repository"},
    {"\x1f\x8b", "is compressed by gzip",
     "unpack it with gunzip (or tar xzf, for a .tar.gz) and give the file in it"},
    {"\xfd"
     "7zXZ",
     "is compressed by xz", "unpack it with unxz and give the file in it"},
    {"\x89HDF", "is an HDF5 file, as Keras writes", "convert the weights with PyTorch to a state dict"},
    {"\x93NUMPY", "is a NumPy array, not weights of PyTorch", "save torch.save(model.state_dict(), …)"},
    {"<", "is a web page, not weights",
     "download it again from the file's direct address; the server sent a login or error page"},
    {"{", "is JSON, not weights",
     "give the .pth or .safetensors file; this is a server's error message or a description of weights"},
    {"[", "is JSON, not weights", give_weights},
    {"\xff\xd8\xff", "is a JPEG picture, not weights", give_weights},
    {"\x89PNG", "is a PNG picture, not weights", give_weights},
    {"GIF8", "is a GIF picture, not weights", give_weights},
    {"RIFF", "is a WebP picture or another RIFF file, not weights", give_weights},
    {std::string_view("II*\0", 4), "is a TIFF picture, not weights", give_weights},
    {std::string_view("MM\0*", 4), "is a TIFF picture, not weights", give_weights},
    {"P5\n", "is a PGM picture, not weights", give_weights},
    {"P6\n", "is a PPM picture, not weights", give_weights},
    {"BM", "is a BMP picture, not weights", give_weights},
    {"%PDF", "is a PDF, not weights", give_weights},
}};

// Refuses a folder; the message says if it is an unpacked archive or contains weights.
void check_folder(const std::filesystem::path& path) {
  const auto info = disk().info(path);
  if (!info || info->kind != FileKind::directory) return;
  for (const char* name : hub_weights_files) {
    if (disk().info(path / name))
      throw Error(path.string(), "is a folder, not a file", "give " + (path / name).string());
  }
  for (const DirectoryEntry& entry : disk().list(path)) {
    if (entry.name != "data.pkl" && !disk().info(path / entry.name / "data.pkl")) continue;
    throw Error(path.string(), "is a folder, not a file: a .pth that was unpacked",
                "give the .pth as it was; a browser or file manager unpacks it because it is a zip archive");
  }
  throw Error(path.string(), "is a folder, not a file", give_weights);
}

// "model-00001-of-00003.safetensors" has a part of a network's tensors.
void check_whole(const std::filesystem::path& path) {
  static const std::regex part("-[0-9]{1,6}-of-([0-9]{1,6})[.](safetensors|bin|pth|pt)$");
  const std::string name = path.filename().string();
  std::smatch match;
  if (!std::regex_search(name, match, part)) return;
  const unsigned long count = std::stoul(match[1]);
  if (count > 1)
    throw Error(
        path.string(),
        "is one of " + std::to_string(count) + " files with a network's weights, which graft does not read",
        one_file_advice);
}

}  // namespace

StateDict read_weights(const std::filesystem::path& path) {
  check_folder(path);
  check_whole(path);
  std::string start;
  {
    const auto file = disk().map(path);
    const auto bytes = file->bytes().first(std::min<std::size_t>(file->bytes().size(), 512));
    start.assign(bytes.begin(), bytes.end());
  }
  if (is_safetensors(start)) return read_safetensors(path);
  if (is_pth(start)) return read_pth(path);
  if (start.empty()) throw Error(path.string(), "is empty", "fetch or copy it again");
  if (start.find("\"weight_map\"") != std::string::npos) {
    throw Error(path.string(), "is the index of weights in several files, which graft does not read",
                one_file_advice);
  }
  const std::string_view text =
      std::string_view(start).substr(std::min(start.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), start.size()));
  for (const OtherFormat& format : other_formats) {
    if (!text.starts_with(format.start)) continue;
    // The text of a page or an answer can explain the error.
    const bool is_text = format.start.size() == 1;
    const std::string shown = is_text ? " (starts with \"" + printable(text.substr(0, 40)) + "\")" : "";
    throw Error(path.string(), format.problem + shown, format.advice);
  }
  if (start.find_first_not_of('\0') == std::string::npos)
    throw Error(path.string(), "begins with zeros only: it was not written completely",
                "fetch or copy it again");
  throw Error(path.string(),
              "is neither a file of torch.save nor safetensors (starts with \"" +
                  printable(std::string_view(start).substr(0, 16)) + "\")",
              give_weights);
}

}  // namespace graft
