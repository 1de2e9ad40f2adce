// Files of features: a table of N pictures × F numbers as .npy (NumPy's format 1.0), .safetensors (a tensor
// "features") or .csv. Internal.
//
// The first two have float32, little-endian, row after row; the paths of the rows are in a table beside them:
// features.npy and features.npy.paths.csv.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graft/session/output_files.h"

namespace graft {

enum class FeatureFormat { npy, csv, safetensors };

// By the extension; csv for "-". Throws UsageError that names `option` for another one.
FeatureFormat feature_format(const std::string& option, const std::string& path);
OutputType output_type(FeatureFormat format);
// features.npy.paths.csv for features.npy.
std::string paths_file(const std::string& features);
inline constexpr const char* paths_header = "path\n";

// What precedes the rows.
std::string npy_header(std::size_t rows, std::size_t width);
std::string safetensors_header(std::size_t rows, std::size_t width, const std::string& model);
std::string feature_columns(std::size_t width);  // "path,f0,f1,…\n"
// A line of the table.
std::string feature_line(const std::string& path, std::span<const float> features);

// A file of features that was read.
struct FeatureTable {
  std::vector<std::string> paths;
  std::size_t width = 0;
  std::span<const float> values;  // N×width
  std::shared_ptr<const void> owner;

  std::size_t size() const { return paths.size(); }
};
bool is_feature_file(const std::string& path);  // by its extension
// Throws Error if the file, or the table of paths beside it, is missing or damaged, or they do not agree.
FeatureTable read_features(const std::filesystem::path& path);

}  // namespace graft
