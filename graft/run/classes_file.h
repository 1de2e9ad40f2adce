// classes.txt: the names of the classes, one a line, in the order of the model's answers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace graft {

// A line break within a name, which a folder may have, is written as a space.
void write_classes(const std::filesystem::path& path, const std::vector<std::string>& classes);
std::vector<std::string> read_classes(const std::filesystem::path& path);

}  // namespace graft
