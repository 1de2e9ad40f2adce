// Checks on the names of class folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace graft {

// Throws Error for a name that is not UTF-8: model files and records store classes as text, and the error
// must come before training, not after it.
void check_class_names(const std::filesystem::path& root, const std::vector<std::string>& classes);

// Throws Error for a name in `found` that is not among `known`; `owner` names their source ("train/").
void check_known_classes(const std::filesystem::path& root, const std::vector<std::string>& found,
                         const std::vector<std::string>& known, const std::string& owner);

// Appends a warning for each pair of classes that differ only in case; it is often one class.
void warn_of_alike(const std::vector<std::string>& classes, const std::string& where,
                   std::vector<std::string>& warnings);

}  // namespace graft
