#include "cli/path_words.h"

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/session/path_kind.h"

namespace graft::cli {

std::string taken_as_value(const std::string& flag, const std::string& value) {
  const auto info = disk().info(value);
  if (!info || info->kind != FileKind::directory || is_model(value)) return "";
  return flag + " took " + value + " as its value: give " + flag + " a value, or leave it out";
}

void require_model_before(const std::string& verb, const std::string& model, const std::string& other) {
  if (!is_model(model) && is_model(other))
    throw UsageError(other, "is the model, which comes first", "graft " + verb + " " + other + " " + model);
  require_model(model);
}

}  // namespace graft::cli
