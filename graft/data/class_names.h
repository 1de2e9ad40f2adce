// Checks on the names of classes.
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

// An Error's advice on `name`, which is not among the classes `known`: that one of these differs only in its
// Unicode form (composed or decomposed characters), so that they look the same; or the nearest name; or "".
std::string advice_on_unknown_class(const std::string& name, const std::vector<std::string>& known);

// Appends a warning for each pair of classes that differ only in case or Unicode form; it is often one class.
void warn_of_alike(const std::vector<std::string>& classes, const std::string& where,
                   std::vector<std::string>& warnings);

}  // namespace graft
