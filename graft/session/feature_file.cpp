#include "graft/session/feature_file.h"

#include <bit>
#include <charconv>
#include <nlohmann/json.hpp>
#include <regex>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "rows are written as they are in memory");

bool has_ending(const std::string& path, std::string_view ending) {
  return to_lower_ascii(path).ends_with(ending);
}

[[noreturn]] void refuse_features_file(const fs::path& path, const std::string& problem) {
  throw Error(path.string(), problem, "write it again with graft embed");
}

// The shape in the header, whose end is at `begin`.
struct NpyShape {
  std::size_t rows = 0, width = 0, begin = 0;
};

NpyShape npy_shape(const fs::path& path, std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(std::string_view("\x93NUMPY\x01\0", 8)) || text.size() < 10)
    refuse_features_file(path, "is not an .npy file of format 1.0");
  const std::size_t length = bytes[8] + 256U * bytes[9];
  if (text.size() < 10 + length) refuse_features_file(path, "is truncated");
  const std::string header(text.substr(10, length));
  static const std::regex pattern(
      R"(\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d{1,15}), (\d{1,9})\), \}\s*)");
  std::smatch found;
  if (!std::regex_match(header, found, pattern))
    refuse_features_file(path, "does not hold rows of float32 numbers");
  return {std::stoull(found[1]), std::stoull(found[2]), 10 + length};
}

FeatureTable npy_features(const fs::path& path) {
  std::shared_ptr<FileBytes> file = disk().map(path);
  const auto bytes = file->bytes();
  const NpyShape shape = npy_shape(path, bytes);
  const std::size_t room = (bytes.size() - shape.begin) / sizeof(float);
  if (shape.width == 0 || shape.rows > room / shape.width || shape.begin % alignof(float) != 0)
    refuse_features_file(path, "is truncated");
  const auto* first = reinterpret_cast<const float*>(bytes.data() + shape.begin);
  FeatureTable table{{}, shape.width, {first, shape.rows * shape.width}, std::move(file)};
  table.paths.resize(shape.rows);
  return table;
}

FeatureTable safetensors_features(const fs::path& path) {
  auto state = std::make_shared<StateDict>(read_safetensors(path));
  const TensorView* features = state->find("features");
  if (features == nullptr || features->dtype != DType::float32 || features->shape.size() != 2)
    refuse_features_file(path, "has no tensor \"features\" of float32 rows");
  FeatureTable table;
  table.paths.resize(static_cast<std::size_t>(features->shape[0]));
  table.width = static_cast<std::size_t>(features->shape[1]);
  table.values = {reinterpret_cast<const float*>(features->bytes.data()),
                  static_cast<std::size_t>(features->count())};
  table.owner = std::move(state);
  return table;
}

}  // namespace

FeatureFormat feature_format(const std::string& option, const std::string& path) {
  if (path == "-" || has_ending(path, ".csv")) return FeatureFormat::csv;
  if (has_ending(path, ".npy")) return FeatureFormat::npy;
  if (has_ending(path, ".safetensors")) return FeatureFormat::safetensors;
  throw UsageError(quoted_option(option), "\"" + path + "\" ends neither in .npy nor in .csv or .safetensors",
                   "choose one of the formats by the extension");
}

OutputType output_type(FeatureFormat format) {
  return format == FeatureFormat::npy   ? OutputType::npy
         : format == FeatureFormat::csv ? OutputType::table
                                        : OutputType::safetensors;
}

std::string paths_file(const std::string& features) { return features + ".paths.csv"; }

std::string npy_header(std::size_t rows, std::size_t width) {
  std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) +
                           ", " + std::to_string(width) + "), }";
  dictionary.resize(npy_header_bytes - 1, ' ');
  return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(npy_header_bytes) + '\0' + dictionary + '\n';
}

std::string safetensors_header(std::size_t rows, std::size_t width, const std::string& model) {
  const nlohmann::ordered_json json = {
      {"__metadata__", {{"format", features_mark}, {"model", model}}},
      {"features",
       {{"dtype", "F32"}, {"shape", {rows, width}}, {"data_offsets", {0, rows * width * sizeof(float)}}}}};
  std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string length;
  for (int i = 0; i < 8; ++i) length += static_cast<char>(text.size() >> (8 * i) & 0xFF);
  return length + text;
}

std::string feature_columns(std::size_t width) {
  std::string line = "path";
  for (std::size_t i = 0; i < width; ++i) line += ",f" + std::to_string(i);
  return line + "\n";
}

std::string feature_line(const std::string& path, std::span<const float> features) {
  std::string line = csv_line({path});
  line.pop_back();
  for (const float value : features) {
    char text[32];
    line += ',';
    line.append(text, std::to_chars(text, text + sizeof text, value).ptr);
  }
  return line + "\n";
}

bool is_feature_file(const std::string& path) {
  return has_ending(path, ".npy") || (has_ending(path, ".safetensors") && disk().info(paths_file(path)));
}

FeatureTable read_features(const fs::path& path) {
  const std::string beside = paths_file(path.string());
  FeatureTable table = has_ending(path.string(), ".npy") ? npy_features(path) : safetensors_features(path);
  if (!disk().info(beside))
    throw Error(beside, "does not exist: it has the paths of the rows of " + path.string(),
                "keep both files together");
  std::vector<std::string> paths;
  read_csv_rows(beside, {"path"}, [&](const std::vector<std::string>& fields, const std::string&) {
    paths.push_back(fields[0]);
  });
  if (paths.size() != table.size())
    refuse_features_file(path, "has " + counted(table.size(), "row") + ", and " + beside + " has " +
                                   counted(paths.size(), "path"));
  table.paths = std::move(paths);
  return table;
}

}  // namespace graft
