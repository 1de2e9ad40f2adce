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

}  // namespace

StateDict read_weights(const std::filesystem::path& path) {
  std::string start;
  {
    const auto file = disk().map(path);
    const auto bytes = file->bytes().first(std::min<std::size_t>(file->bytes().size(), 512));
    start.assign(bytes.begin(), bytes.end());
  }
  if (is_safetensors(start)) return read_safetensors(path);
  if (is_pth(start)) return read_pth(path);
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
