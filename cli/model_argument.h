// How a verb's pictures are seen, by the flags that were given.
#pragma once

#include "graft/core/option.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft::cli {

// What was given of --fit, --exif, --alpha and --decode, to stand over what the model file says.
PreprocessOverride asked_preprocess(const GivenOptions& given, const Recipe& recipe);

}  // namespace graft::cli
