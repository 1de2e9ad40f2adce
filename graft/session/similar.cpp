// find_similar(): features of the queries and of the collection, their cosines, and what is written.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/json_line.h"
#include "graft/core/text.h"
#include "graft/data/folder.h"
#include "graft/data/transform.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/image/codec.h"
#include "graft/infer/nearest.h"
#include "graft/report/grid.h"
#include "graft/session/embed.h"
#include "graft/session/feature_file.h"
#include "graft/session/listed_pictures.h"
#include "graft/session/open_model.h"
#include "graft/session/output_place.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

// Features with the paths of their rows.
struct NamedFeatures {
  std::vector<std::string> paths;
  torch::Tensor rows;  // N×F
  std::shared_ptr<const void> owner = nullptr;
};

// Computes the features of pictures with one model and one cache.
class FeatureSource {
 public:
  FeatureSource(const SimilarRequest& request, const Observer& observer)
      : recipe_(request.recipe),
        observer_(observer),
        device_(select_device(recipe_.device)),
        model_(open_model(request.model, request.preprocess, observer)) {
    check_can_be_probed(*model_.network);
    recipe_.loader.skip_bad = true;
    cache_ = open_feature_cache(model_, recipe_, observer.warning);
  }

  const Model& model() const { return model_; }

  NamedFeatures features_of(const std::vector<std::string>& pictures, const std::string& what,
                            std::vector<BadImage>& bad) {
    std::vector<Sample> samples;
    for (const std::string& path : pictures) samples.push_back({path});
    FeatureSet set =
        extract_views(model_, samples, 0, recipe_, device_, cache_, what, observer_.progress).centre;
    bad.insert(bad.end(), set.bad.begin(), set.bad.end());
    if (set.indices.empty())
      throw Error(pictures.front(), "cannot be read, and no other of the " + what + " can be",
                  "look at the pictures");
    NamedFeatures features{{}, set.features};
    for (const std::uint32_t i : set.indices) features.paths.push_back(pictures[i]);
    return features;
  }

  void save() { save_feature_cache(cache_, recipe_, observer_.warning); }

 private:
  Recipe recipe_;
  const Observer& observer_;
  torch::Device device_;
  Model model_;
  FeatureCache cache_;
};

// The rows of a file, without a copy.
NamedFeatures features_in_file(const SimilarRequest& request, const Model& model) {
  FeatureTable table = read_features(request.data);
  const std::int64_t width = model.network->head()->weight.size(1);
  if (static_cast<std::int64_t>(table.width) != width)
    throw Error(request.data,
                "has " + counted(table.width, "feature") + " a picture, and " + request.model.name + " has " +
                    std::to_string(width),
                "name the model that the file was written with");
  const auto rows = static_cast<std::int64_t>(table.size());
  return {std::move(table.paths),
          torch::from_blob(const_cast<float*>(table.values.data()), {rows, width}, torch::kFloat32),
          std::move(table.owner)};
}

// A table does not hold the network's weights and preprocess, which determine features. Throws Error if the
// first picture of the table that can be read has other features.
void check_table(const SimilarRequest& request, const NamedFeatures& table, FeatureSource& source) {
  for (std::size_t i = 0; i < table.paths.size(); ++i) {
    const std::string& path = table.paths[i];
    if (!disk().info(path)) continue;
    std::vector<BadImage> bad;
    torch::Tensor own;
    try {
      own = source.features_of({path}, "table", bad).rows[0];
    } catch (const Error&) {
      continue;
    }
    const torch::Tensor row = table.rows[static_cast<std::int64_t>(i)];
    constexpr double least_cosine = 0.99;
    const auto cosine = torch::cosine_similarity(own, row, 0).item<double>();
    if (cosine >= least_cosine) return;
    throw Error(
        request.data,
        "has other features of " + path + " than " + request.model.name + " gives" +
            format_text(" (cosine %.4f)", cosine),
        "name the model that the file was written with, or write it again if the picture has changed");
  }
}

// The nearest pictures of each query, without its own file.
std::vector<SimilarResult::Query> nearest_pictures(const NamedFeatures& queries,
                                                   const NamedFeatures& pictures, int top_k) {
  NearestRows nearest(queries.rows, top_k + 1);
  nearest.add(pictures.rows, 0);
  const auto found = nearest.found();
  std::vector<SimilarResult::Query> results;
  for (std::size_t i = 0; i < found.size(); ++i) {
    SimilarResult::Query result{queries.paths[i], {}};
    const auto own = resolved_path(queries.paths[i]);
    for (const SimilarRow& row : found[i]) {
      const std::string& path = pictures.paths[static_cast<std::size_t>(row.row)];
      const bool is_itself = row.cosine > 0.999 && resolved_path(path) == own;
      if (!is_itself && static_cast<int>(result.pictures.size()) < top_k)
        result.pictures.push_back({path, row.cosine});
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::string similar_rows(const std::vector<SimilarResult::Query>& queries) {
  std::string text = similar_header;
  for (const SimilarResult::Query& query : queries) {
    for (std::size_t i = 0; i < query.pictures.size(); ++i)
      text += csv_line(
          {query.path, std::to_string(i + 1), query.pictures[i].path, csv_number(query.pictures[i].cosine)});
  }
  return text;
}

// A picture that cannot be read leaves its cell empty.
Tile tile_of(const std::string& path, const std::string& title, const DecodeOptions& decode) {
  const std::string name = std::filesystem::path(path).filename().string();
  try {
    return {read_image(path, decode), title, TitleColor::plain, name};
  } catch (const Error&) {
    return {Image(8, 8), title, TitleColor::plain, name};
  }
}

Image similar_sheet(const SimilarRequest& request, const std::vector<SimilarResult::Query>& queries,
                    const DecodeOptions& decode) {
  std::size_t columns = 1;
  for (const SimilarResult::Query& query : queries) columns = std::max(columns, query.pictures.size() + 1);
  std::vector<Tile> tiles;
  for (std::size_t i = 0; i < std::min(queries.size(), request.max_drawn); ++i) {
    tiles.push_back(tile_of(queries[i].path, "query", decode));
    for (const SimilarPicture& each : queries[i].pictures)
      tiles.push_back(tile_of(each.path, format_text("%.4f", each.cosine), decode));
    while (tiles.size() % columns != 0) tiles.push_back({Image(8, 8), ""});
  }
  GridOptions options;
  options.columns = static_cast<int>(columns);
  options.tile_size = 160;
  return draw_grid(tiles, options);
}

void write_similar(const SimilarRequest& request, const SimilarResult& result, const Model& model,
                   const OutputFiles& outputs, const Observer& observer) {
  if (outputs.has("csv")) outputs.write("csv", similar_rows(result.queries));
  if (!outputs.has("grid")) return;
  const DecodeOptions decode = decode_options_of(model.preprocess, request.recipe.decode.max_pixels);
  outputs.write("grid", similar_sheet(request, result.queries, decode).view());
  if (result.queries.size() > request.max_drawn)
    observer.warn("the sheet shows the first " + std::to_string(request.max_drawn) + " of " +
                  std::to_string(result.queries.size()) + " queries");
}

SimilarResult similar(const SimilarRequest& request, OutputFiles& outputs, const Observer& observer) {
  if (request.top_k < 1) throw UsageError("`top_k`", "is below 1", "choose at least one picture");
  if (request.data.empty()) throw UsageError("`data`", "is missing", "name the pictures to compare with");
  if (request.data.ends_with(".csv"))
    throw UsageError("`data`", request.data + " is a table of features as text",
                     "write it as .npy or .safetensors");
  use_threads(request.recipe.threads, observer);
  const std::vector<std::string> queries = listed_pictures(request.queries, observer);
  if (queries.empty()) throw UsageError("`queries`", "are missing", "name a picture");
  const bool from_file = is_feature_file(request.data);
  const std::vector<std::string> pictures =
      from_file ? std::vector<std::string>{request.data} : listed_pictures({request.data}, observer);
  std::vector<std::string> files = queries;
  files.insert(files.end(), pictures.begin(), pictures.end());
  files.insert(files.end(),
               {model_file(request.model.name).string(), request.model.weights.value_or("default")});
  if (observer.reads) observer.reads(files);
  FeatureSource source(request, observer);
  SimilarResult result;
  const NamedFeatures of_queries = source.features_of(queries, "queries", result.bad);
  const NamedFeatures of_pictures = from_file ? features_in_file(request, source.model())
                                              : source.features_of(pictures, "pictures", result.bad);
  if (from_file) check_table(request, of_pictures, source);
  source.save();
  result.queries = nearest_pictures(of_queries, of_pictures, request.top_k);
  write_similar(request, result, source.model(), outputs, observer);
  return result;
}

}  // namespace

SimilarResult find_similar(const SimilarRequest& request, OutputFiles& outputs, const Observer& observer) {
  if (!is_feature_file(request.data)) outputs.keeps_out_of_folder(request.data);
  return with_engine_errors(request.model.name,
                            [&] { return similar(request, outputs, outputs.observer(observer)); });
}

std::string to_text(const SimilarResult::Query& query) {
  std::string text = escaped_line(query.path);
  for (const SimilarPicture& each : query.pictures)
    text += escaped_line(format_text("  %.4f  ", each.cosine) + each.path);
  return text;
}

std::string to_json(const SimilarResult::Query& query) {
  nlohmann::ordered_json json = {{"query", query.path}, {"similar", nlohmann::ordered_json::array()}};
  for (const SimilarPicture& each : query.pictures)
    json["similar"].push_back({{"path", each.path}, {"cosine", each.cosine}});
  return json_line(json);
}

}  // namespace graft
