#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/weights/names.h"
#include "graft/weights/pth.h"
#include "graft/weights/safetensors.h"

namespace graft {
namespace {

// A safetensors file is told first: the length of its header can begin with the bytes of another format's
// signature, but then a "{" does not follow eight bytes later.
bool is_safetensors(std::string_view start) {
  return start.size() > 8 && start[8] == '{' && start.substr(4, 4) == std::string_view("\0\0\0\0", 4);
}

// "cmodule\nname\n": how a pickle of protocol 0 that begins with a global begins. No state dict does, but the
// unpickler can say what the file asks for.
bool is_text_pickle(std::string_view start) {
  const std::size_t end = start.find('\n');
  return start.starts_with('c') && end != std::string_view::npos && end > 1 &&
         std::all_of(start.begin() + 1, start.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
           return c == '_' || c == '.' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

bool is_pth(std::string_view start) {
  return start.starts_with("PK\x03\x04") || start.starts_with('\x80') || is_text_pickle(start);
}

}  // namespace

StateDict read_weights(const std::filesystem::path& path) {
  std::string start;
  {
    const auto file = disk().map(path);
    const auto bytes = file->bytes().first(std::min<std::size_t>(file->bytes().size(), 512));
    start.assign(bytes.begin(), bytes.end());
  }
  if (is_safetensors(start)) return read_safetensors(path);
  if (is_pth(start) || start.find("ustar") == 257) return read_pth(path);
  if (start.empty()) throw Error(path.string(), "is empty", "fetch or copy it again");
  if (start.starts_with("version https://git-lfs")) {
    throw Error(path.string(), "is a pointer of Git LFS, not the weights themselves",
                "run `git lfs pull` where it is from");
  }
  throw Error(path.string(),
              "is neither a file of torch.save nor safetensors (starts with \"" +
                  printable(std::string_view(start).substr(0, 16)) + "\")",
              "give a .pth or .safetensors file; a download may have brought an error page");
}

}  // namespace graft
