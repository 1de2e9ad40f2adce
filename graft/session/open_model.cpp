#include "graft/session/open_model.h"

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/image/alpha.h"
#include "graft/models/hub_model.h"
#include "graft/models/model_file.h"
#include "graft/session/path_kind.h"

namespace graft {
namespace {

void apply(const PreprocessOverride& asked, Preprocess& preprocess) {
  if (asked.alpha) background_of(*asked.alpha);  // throws for an invalid colour
  preprocess.fit = asked.fit.value_or(preprocess.fit);
  preprocess.exif = asked.exif.value_or(preprocess.exif);
  preprocess.alpha = asked.alpha.value_or(preprocess.alpha);
  preprocess.decode = asked.decode.value_or(preprocess.decode);
}

}  // namespace

Model open_model(const std::string& path, const PreprocessOverride& preprocess) {
  require_model(path);
  Model model = load_model(path);
  apply(preprocess, model.preprocess);
  return model;
}

Model open_model(const ModelSource& source, const PreprocessOverride& preprocess, const Observer& observer) {
  if (disk().info(source.name)) {
    if (source.weights)
      throw UsageError("`weights`",
                       "applies only to a network by name, and " + source.name + " has its own weights",
                       "leave it out");
    return open_model(source.name, preprocess);
  }
  const ModelAndWeights named =
      resolve_hub_model(source.name, source.weights.value_or("default"), observer.progress);
  find_model(named.model);  // throws for an unknown name, with the nearest one
  Model model = pretrained_model(named.model, named.weights, observer.progress);
  for (const std::string& note : model.notes) observer.warn(model.training.at("weights") + ": " + note);
  apply(preprocess, model.preprocess);
  return model;
}

}  // namespace graft
