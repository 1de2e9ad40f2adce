// A main function for compilers without libFuzzer: runs a target on every file given, or in the folders
// given, as it is and stretched to a megabyte in several ways.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/stretch.h"

namespace {

namespace fs = std::filesystem;

constexpr int ways = 8;

void give(const graft::fuzz::Bytes& bytes) { LLVMFuzzerTestOneInput(bytes.data(), bytes.size()); }

void replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const graft::fuzz::Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  give(bytes);
  std::minstd_rand random(static_cast<unsigned>(bytes.size()));
  for (int way = 0; way < ways; ++way) give(graft::fuzz::stretched(bytes, graft::fuzz::longest, random));
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
  std::printf("%d files, each with %d long inputs made from it\n", files, ways);
  return files > 0 ? 0 : 1;
}
