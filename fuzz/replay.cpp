// A main for compilers without libFuzzer: gives a target every file named, or in the folders named, once.
// Says so and fails where one takes longer than a second.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/target.h"

namespace {

namespace fs = std::filesystem;

// The seconds that it took.
double replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const graft::fuzz::Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  const auto begin = std::chrono::steady_clock::now();
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int count, char** arguments) {
  int files = 0, slow = 0;
  const auto one = [&](const fs::path& path) {
    ++files;
    const double seconds = replay(path);
    if (seconds > 1) ++slow, std::printf("%s took %.1f s\n", path.c_str(), seconds);
  };
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(arguments[i])) {
      one(arguments[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(arguments[i])) one(entry.path());
  }
  std::printf("%d files\n", files);
  return files > 0 && slow == 0 ? 0 : 1;
}
