// The features of pictures as a product: tables of them, and the pictures of a collection that are most
// similar to others. This header does not include torch.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft {

struct EmbedRequest {
  ModelSource model;
  std::vector<std::string> pictures = {};  // files, and folders with all pictures below them
  PreprocessOverride preprocess = {};
  // Of it: loader, decode.max_pixels, device, threads. Unreadable pictures are skipped.
  Recipe recipe = preset(default_preset);
};

struct EmbedResult {
  std::size_t rows = 0, width = 0;
  std::vector<BadImage> bad;  // skipped
};

// Calls `each` with the features of every readable picture (the input of the network's last layer), in order.
// Memory does not grow with the number of pictures, apart from their paths. Throws Error and UsageError, also
// if no picture can be read.
EmbedResult embed_pictures(
    const EmbedRequest& request,
    const std::function<void(const std::string& path, std::span<const float> features)>& each,
    const Observer& observer = {});

// Adds the outputs of embed_to_files(): `out`, whose extension selects the format (.npy, .safetensors, .csv;
// "-": csv on an open stream), and for the first two a table of paths beside it,
// FILE.paths.csv.
void add_feature_outputs(OutputFiles& outputs, const std::string& out);

// The same as files. The two binary formats begin with the number of rows: if a picture cannot be read, a
// second pass computes the others again.
EmbedResult embed_to_files(const EmbedRequest& request, OutputFiles& outputs, const Observer& observer = {});

struct SimilarRequest {
  ModelSource model;
  std::vector<std::string> queries = {};  // files, and folders with all pictures below them
  // A folder of pictures, whose features are kept in recipe.feature_cache, or a file that embed_to_files()
  // wrote with the same model.
  std::string data = {};
  int top_k = 5;
  PreprocessOverride preprocess = {};
  Recipe recipe = preset(default_preset);  // as for EmbedRequest, and feature_cache
  std::size_t max_drawn = 20;              // queries of a sheet
};

struct SimilarPicture {
  std::string path;
  double cosine = 0;  // of the features, −1 to 1
};

struct SimilarResult {
  struct Query {
    std::string path;
    std::vector<SimilarPicture> pictures;  // the most similar first, without the query's own file
  };
  std::vector<Query> queries;
  std::vector<BadImage> bad;  // queries and pictures that were skipped
};

// Compares every query with every picture. Writes `outputs`, which it checks first: `csv` is a table
// (similar_header), `grid` a sheet with a row for each query. Outputs that were not added are not made.
SimilarResult find_similar(const SimilarRequest& request, OutputFiles& outputs,
                           const Observer& observer = {});
inline constexpr const char* similar_header = "query,rank,path,cosine\n";

// For people, lines with their ends; for programs, a line of JSON without its end.
std::string to_text(const SimilarResult::Query& query);
std::string to_json(const SimilarResult::Query& query);

}  // namespace graft
