#include "graft/run/classes_file.h"

#include <algorithm>
#include <sstream>

#include "graft/core/files.h"

namespace graft {

void write_classes(const std::filesystem::path& path, const std::vector<std::string>& classes) {
  std::string text;
  for (std::string name : classes) {
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    text += name + "\n";
  }
  replace_file(path, text);
}

std::vector<std::string> read_classes(const std::filesystem::path& path) {
  std::vector<std::string> classes;
  std::istringstream text(read_text(path));
  for (std::string line; std::getline(text, line);) classes.push_back(line);
  return classes;
}

}  // namespace graft
