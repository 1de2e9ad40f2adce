#include "cli/model_argument.h"

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/run/run.h"

namespace graft::cli {

std::filesystem::path model_file(const std::string& path) {
  const auto info = disk().info(path);
  return info && info->kind == FileKind::directory ? RunFolder(path).model() : std::filesystem::path(path);
}

Model open_model(const std::string& path) {
  if (!disk().info(path))
    throw Error(path, "is not there", "give a run folder or a model file, or --model NAME");
  return load_model(path);
}

Model open_model_or_name(const std::string& name, const std::string& weights, Console& console) {
  if (disk().info(name)) return open_model(name);
  find_model(name);  // an unknown name is told with the nearest one
  return pretrained_model(name, weights, [&](const Progress& progress) { console.progress(progress); });
}

void override_fit(Model& model, const GivenOptions& given, const Recipe& recipe) {
  if (!given_or(given, "fit", "").empty()) model.preprocess.fit = recipe.fit;
}

}  // namespace graft::cli
