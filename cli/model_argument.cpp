#include "cli/model_argument.h"

namespace graft::cli {

PreprocessOverride asked_preprocess(const GivenOptions& given, const Recipe& recipe) {
  PreprocessOverride asked;
  if (is_given(given, "fit")) asked.fit = recipe.fit;
  if (is_given(given, "exif")) asked.exif = recipe.decode.exif;
  if (is_given(given, "alpha")) asked.alpha = recipe.decode.alpha;
  if (is_given(given, "decode")) asked.decode = recipe.decode.decode;
  return asked;
}

}  // namespace graft::cli
