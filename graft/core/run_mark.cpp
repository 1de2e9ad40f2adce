#include "graft/core/run_mark.h"

#include <nlohmann/json.hpp>
#include <string>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"

namespace graft {

bool is_run_folder(const std::filesystem::path& path) {
  using Json = nlohmann::json;
  const std::filesystem::path file = path / run_mark_file;
  try {
    const auto info = disk().info(file);
    if (!info || info->kind != FileKind::regular) return false;
    const std::string text = read_text(file);
    if (is_json_too_deep(text)) return false;
    const Json json = Json::parse(text);
    return json.is_object() && json.value("format", "") == run_mark_format;
  } catch (const Error&) {
    return false;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace graft
