// A main for compilers without libFuzzer: gives a target every file named, or in the folders named, once.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/target.h"

namespace {

namespace fs = std::filesystem;

void replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const graft::fuzz::Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int count, char** arguments) {
  int files = 0;
  const auto one = [&](const fs::path& path) {
    ++files;
    replay(path);
  };
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(arguments[i])) {
      one(arguments[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(arguments[i])) one(entry.path());
  }
  std::printf("%d files\n", files);
  return files > 0 ? 0 : 1;
}
