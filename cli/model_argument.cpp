#include "cli/model_argument.h"

#include "cli/path_kind.h"
#include "graft/core/files.h"

namespace graft::cli {

Model open_model(const std::string& path) {
  require_model(path);
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
