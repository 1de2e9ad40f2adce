#include "graft/models/model_metadata.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "graft/core/base64.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/run_mark.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/core/version.h"
#include "graft/metrics/scale_limits.h"
#include "graft/models/file_names.h"
#include "graft/run/earlier_model.h"
#include "graft/run/run.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format_version = "1";
constexpr int max_size = 1 << 14;  // pixels of a side

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Json to_json(const Preprocess& preprocess) {
  Json json;
  json["resize"] = preprocess.resize;
  json["crop"] = preprocess.crop;
  json["interpolation"] = to_string(preprocess.interpolation);
  json["fit"] = EnumNames<Fit>::names[static_cast<std::size_t>(preprocess.fit)];
  json["exif"] = preprocess.exif;
  json["alpha"] = preprocess.alpha;
  json["decode"] = EnumNames<DecodeMode>::names[static_cast<std::size_t>(preprocess.decode)];
  json["mean"] = shortest_doubles(preprocess.mean);
  json["std"] = shortest_doubles(preprocess.std);
  return json;
}

// Each row times 127 divided by its largest element, rounded: a cosine changes by less than 1e-4.
std::string bytes_of_rows(const std::vector<float>& rows, std::size_t width) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(rows.size());
  for (std::size_t begin = 0; begin < rows.size(); begin += width) {
    float most = 0;
    for (std::size_t i = 0; i < width; ++i) most = std::max(most, std::abs(rows[begin + i]));
    const float factor = most > 0 ? 127 / most : 0;
    for (std::size_t i = 0; i < width; ++i)
      bytes.push_back(
          static_cast<std::uint8_t>(static_cast<std::int8_t>(std::lround(rows[begin + i] * factor))));
  }
  return to_base64(bytes);
}

Json json_of_known(const KnownPictures& known) {
  return {{"threshold", known.threshold},
          {"false_alarm", known.false_alarm},
          {"held_out", known.held_out},
          {"distance_mean", known.distance.mean},
          {"distance_deviation", known.distance.deviation},
          {"energy_mean", known.energy.mean},
          {"energy_deviation", known.energy.deviation},
          {"num_features", known.num_features},
          {"features", bytes_of_rows(known.features, static_cast<std::size_t>(known.num_features))}};
}

// Reads untrusted metadata; every error names the file.
class Metadata {
 public:
  Metadata(const std::map<std::string, std::string>& entries, std::string where)
      : entries_(entries), where_(std::move(where)) {}

  const std::string& text(const std::string& key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) fail("\"" + key + "\" is missing");
    return found->second;
  }

  std::vector<std::string> classes() const {
    const Json json = parse("classes");
    if (!json.is_array() || json.empty()) fail("\"classes\" is not a list of names");
    std::vector<std::string> names;
    std::set<std::string> distinct;  // labels are bound to classes by name
    for (const Json& name : json) {
      if (!name.is_string()) fail("\"classes\" is not a list of names");
      names.push_back(name.get<std::string>());
      if (!distinct.insert(names.back()).second)
        fail("\"classes\" has \"" + shorten(names.back()) + "\" twice");
    }
    return names;
  }

  LabelKind labels() const { return kind(text("labels")); }

  // Files of earlier versions lack it: they have one class per picture.
  TaskSpec task() const {
    const auto found = entries_.find("labels");
    TaskSpec spec;
    if (found != entries_.end()) spec.kind = kind(found->second);
    if (!entries_.contains("target")) {
      if (spec.kind == LabelKind::number) fail("\"target\" is missing");
      return spec;
    }
    const Json json = parse("target");
    if (!json.is_object()) fail("\"target\" is not an object");
    spec.mean = target(json, "mean");
    spec.scale = target(json, "scale");
    if (!is_usable(spec)) fail("the mean and the scale of \"target\" are out of range");
    return spec;
  }

  std::map<std::string, std::string> training() const {
    const Json json = parse("training");
    if (!json.is_object()) fail("\"training\" is not an object");
    std::map<std::string, std::string> record;
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string()) fail("\"training\" has a value that is not text");
      record[key] = value.get<std::string>();
    }
    return record;
  }

  std::vector<float> set_scores() const {
    if (!entries_.contains("set_scores")) return {};
    const Json json = parse("set_scores");
    std::vector<float> scores;
    if (!json.is_array()) fail("\"set_scores\" is not a list of numbers");
    for (const Json& each : json) {
      scores.push_back(each.is_number() ? each.get<float>() : -1);
      if (!(scores.back() >= 0 && scores.back() <= 1) ||
          (scores.size() > 1 && scores.back() < scores[scores.size() - 2]))
        fail("\"set_scores\" is not a list of ascending numbers from 0 to 1");
    }
    return scores;
  }

  std::shared_ptr<const KnownPictures> known() const {
    if (!entries_.contains("known")) return nullptr;
    const Json json = parse("known");
    if (!json.is_object()) fail("\"known\" is not an object");
    KnownPictures result;
    result.distance = {number_of_known(json, "distance_mean"), number_of_known(json, "distance_deviation")};
    result.energy = {number_of_known(json, "energy_mean"), number_of_known(json, "energy_deviation")};
    result.threshold = number_of_known(json, "threshold");
    result.false_alarm = number_of_known(json, "false_alarm");
    result.held_out = static_cast<std::int64_t>(number_of_known(json, "held_out"));
    result.num_features = static_cast<std::int64_t>(number_of_known(json, "num_features"));
    result.features = rows_of_known(json, result.num_features);
    if (result.distance.deviation < 0 || result.energy.deviation < 0)
      fail("\"known\" has a negative standard deviation");
    return std::make_shared<const KnownPictures>(std::move(result));
  }

  Preprocess preprocess() const {
    const Json json = parse("preprocess");
    if (!json.is_object()) fail("\"preprocess\" is not an object");
    Preprocess result;
    result.resize = pixels(json, "resize");
    result.crop = pixels(json, "crop");
    result.interpolation = interpolation(json);
    result.fit = fit(json);
    result.exif = exif(json);
    result.alpha = alpha(json);
    result.decode = decode(json);
    result.mean = three(json, "mean");
    result.std = three(json, "std");
    for (const float value : result.std) {
      if (value <= 0) fail("\"std\" of \"preprocess\" is not above 0");
    }
    check_preprocess(result, where_);
    return result;
  }

  [[noreturn]] void fail(const std::string& problem) const { refuse_metadata(where_, problem); }

 private:
  Json parse(const std::string& key) const {
    const std::string& value = text(key);
    if (is_json_too_deep(value)) fail("\"" + key + "\" is nested too deep");
    Json json = Json::parse(value, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) fail("\"" + key + "\" is not JSON");
    return json;
  }

  double number_of_known(const Json& object, const char* key) const {
    const bool there = object.contains(key) && object[key].is_number();
    const double number = there ? object[key].get<double>() : 0;
    // The largest number of features or pictures is far below 2^53.
    if (!there || !(std::abs(number) < 9e15))
      fail(std::string("\"") + key + "\" of \"known\" is not a number");
    return number;
  }

  // Rows of 8-bit numbers, whose unit is of no importance: rows have unit length.
  std::vector<float> rows_of_known(const Json& object, std::int64_t num_features) const {
    const auto bytes = object.contains("features") && object["features"].is_string()
                           ? from_base64(object["features"].get_ref<const std::string&>())
                           : std::nullopt;
    if (!bytes || bytes->empty() || num_features < 1 ||
        bytes->size() % static_cast<std::size_t>(num_features) != 0)
      fail("\"features\" of \"known\" does not hold rows of " + std::to_string(num_features) + " bytes");
    std::vector<float> rows;
    rows.reserve(bytes->size());
    for (const std::uint8_t each : *bytes) rows.push_back(static_cast<float>(static_cast<std::int8_t>(each)));
    to_unit_length(rows, static_cast<std::size_t>(num_features));
    return rows;
  }

  LabelKind kind(const std::string& name) const {
    for (std::size_t i = 1; i < EnumNames<LabelKind>::names.size(); ++i) {  // 0 is automatic
      if (name == EnumNames<LabelKind>::names[i]) return static_cast<LabelKind>(i);
    }
    fail("\"labels\" is not single, multi or number");
  }

  double target(const Json& object, const char* key) const {
    const bool there = object.contains(key) && object[key].is_number();
    const double number = there ? object[key].get<double>() : 0;
    if (!there || !std::isfinite(number) || (key == std::string_view("scale") && number <= 0))
      fail(std::string("\"") + key + "\" of \"target\" is not a valid number");
    return number;
  }

  Json field(const Json& object, const char* key) const {
    if (!object.contains(key)) fail(std::string("\"preprocess\" has no \"") + key + "\"");
    return object[key];
  }

  int pixels(const Json& object, const char* key) const {
    const Json value = field(object, key);
    const double number = value.is_number_integer() ? value.get<double>() : 0;
    if (number < 1 || number > max_size)
      fail(std::string("\"") + key + "\" of \"preprocess\" is not a whole number from 1 to " +
           std::to_string(max_size));
    return static_cast<int>(number);
  }

  Interpolation interpolation(const Json& object) const {
    const Json value = field(object, "interpolation");
    for (const auto each : {Interpolation::bilinear, Interpolation::bicubic}) {
      if (value == to_string(each)) return each;
    }
    fail("\"interpolation\" of \"preprocess\" is neither bilinear nor bicubic");
  }

  // Files of earlier versions lack it: they used crop.
  Fit fit(const Json& object) const {
    if (!object.contains("fit")) return Fit::crop;
    for (const Fit each : {Fit::crop, Fit::squash, Fit::pad}) {
      if (object["fit"] == EnumNames<Fit>::names[static_cast<std::size_t>(each)]) return each;
    }
    fail("\"fit\" of \"preprocess\" is not crop, squash or pad");
  }

  // They lack these too: they ignored the EXIF orientation, dropped alpha and decoded exactly.
  bool exif(const Json& object) const {
    if (!object.contains("exif")) return false;
    if (!object["exif"].is_boolean()) fail("\"exif\" of \"preprocess\" is neither true nor false");
    return object["exif"].get<bool>();
  }

  std::string alpha(const Json& object) const {
    if (!object.contains("alpha")) return "drop";
    if (!object["alpha"].is_string()) fail("\"alpha\" of \"preprocess\" is not text");
    return object["alpha"].get<std::string>();
  }

  DecodeMode decode(const Json& object) const {
    if (!object.contains("decode")) return DecodeMode::exact;
    for (const DecodeMode each : {DecodeMode::exact, DecodeMode::fast}) {
      if (object["decode"] == EnumNames<DecodeMode>::names[static_cast<std::size_t>(each)]) return each;
    }
    fail("\"decode\" of \"preprocess\" is neither exact nor fast");
  }

  std::array<float, 3> three(const Json& object, const char* key) const {
    const Json value = field(object, key);
    std::array<float, 3> numbers{};
    if (!value.is_array() || value.size() != numbers.size())
      fail(std::string("\"") + key + "\" of \"preprocess\" is not three numbers");
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (value[i].is_number()) numbers[i] = value[i].get<float>();
      if (!value[i].is_number() || !std::isfinite(numbers[i]))
        fail(std::string("\"") + key + "\" of \"preprocess\" is not three numbers");
    }
    return numbers;
  }

  const std::map<std::string, std::string>& entries_;
  std::string where_;
};

// Checks that the metadata names graft's format and a supported version.
void check_format(const StateDict& state, const std::string& where) {
  refuse_checkpoint(state, where);
  if (!is_model_file(state)) throw PlainWeights(where, identify_model(state));
  const std::string& version = Metadata(state.metadata, where).text("format_version");
  if (version != format_version)
    throw Error(where, "has model format " + version + ", and this graft reads " + format_version,
                "use the graft that wrote it, or a newer one");
}

// What model files and exported files state of their model.
std::map<std::string, std::string> description_of(const ModelMetadata& model) {
  return {{"architecture", model.architecture},
          {"classes", dump(model.classes)},
          {"preprocess", dump(to_json(model.preprocess))},
          {"labels", to_string(model.task.kind)}};
}

}  // namespace

PlainWeights::PlainWeights(const std::string& where, std::string network)
    : Error(where, "is not a graft model file, which names its network and classes",
            "name the network: `model` " + (network.empty() ? "NAME" : network) + " `weights` " + where),
      network_(std::move(network)) {}

ModelMetadata read_metadata(const StateDict& state, const std::string& where) {
  check_format(state, where);
  const Metadata metadata(state.metadata, where);
  return {metadata.text("architecture"),
          metadata.classes(),
          metadata.preprocess(),
          metadata.training(),
          metadata.task(),
          metadata.set_scores(),
          metadata.known()};
}

std::map<std::string, std::string> to_metadata(const ModelMetadata& model) {
  auto metadata = description_of(model);
  metadata["format"] = model_file_format;
  metadata["format_version"] = format_version;
  metadata["training"] = dump(model.training);
  if (model.task.kind == LabelKind::number || model.task != TaskSpec{model.task.kind})
    metadata["target"] = dump(Json{{"mean", model.task.mean}, {"scale", model.task.scale}});
  if (!model.set_scores.empty()) metadata["set_scores"] = dump(shortest_doubles(model.set_scores));
  if (model.known) metadata["known"] = dump(json_of_known(*model.known));
  return metadata;
}

std::map<std::string, std::string> exported_metadata(const ModelMetadata& model) {
  auto metadata = description_of(model);
  metadata["format"] = "pt";
  metadata[exported_mark] = std::string("graft ") + version();
  return metadata;
}

bool is_exported(const StateDict& state) {
  constexpr std::array keys = {exported_mark, "architecture", "classes", "preprocess", "labels"};
  return std::all_of(keys.begin(), keys.end(), [&](const char* key) { return state.metadata.contains(key); });
}

std::optional<ModelMetadata> read_exported_metadata(const StateDict& state, const std::string& where) {
  if (!is_exported(state)) return {};
  const Metadata metadata(state.metadata, where);
  return ModelMetadata{
      metadata.text("architecture"), metadata.classes(), metadata.preprocess(), {}, {metadata.labels()}};
}

void refuse_metadata(const std::string& where, const std::string& problem) {
  throw Error(where, "its metadata is damaged: " + problem, "train or export the model anew");
}

TaskSpec task_of(const StateDict& state, const std::string& where) {
  return Metadata(state.metadata, where).task();
}

bool is_model_file(const StateDict& state) {
  const auto format = state.metadata.find("format");
  return format != state.metadata.end() && format->second == model_file_format;
}

std::string to_json_text(const Preprocess& preprocess) { return dump(to_json(preprocess)); }

Preprocess preprocess_of_json(const std::string& text, const std::string& where) {
  const std::map<std::string, std::string> entries = {{"preprocess", text}};
  return Metadata(entries, where).preprocess();
}

void refuse_checkpoint(const StateDict& state, const std::string& where) {
  const auto format = state.metadata.find("format");
  if (format == state.metadata.end() || format->second != checkpoint_format) return;
  const std::filesystem::path folder = std::filesystem::path(where).parent_path();
  throw Error(where, "is the checkpoint of a run, which holds more than one network's weights",
              "give the run's model, " + RunFolder(folder).model().string() +
                  ", or continue the run with `resume` " + shell_word(folder.string()));
}

void refuse_model_of_earlier_run(const std::filesystem::path& path, const StateDict& state) {
  const RunFolder run(path);
  if (!disk().info(run.config()) || !is_model_file(state)) return;
  if (is_of_earlier_run(run, Metadata(state.metadata, run.model().string()).training()))
    refuse_earlier_model(run, "name the earlier model by its file, " + run.model().string());
}

StateDict read_model_file(const std::filesystem::path& path) {
  const std::filesystem::path file = model_file(path);
  const RunFolder run(file.parent_path());
  const bool is_of_run = file == run.model() && is_run_folder(run.path());
  if (!is_of_run) return read_weights(file);
  disk().map(file);  // a disk error does not mean damage
  try {
    return read_weights(file);
  } catch (const Error& error) {
    throw Error(error.where(), error.problem(),
                "restore it from a copy, or train the run again with `overwrite`");
  }
}

}  // namespace graft
